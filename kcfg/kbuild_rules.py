"""later"""
def follow(reader): pass
