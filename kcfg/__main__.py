"""`python -m kcfg` is `kcfg`."""

from importlib import import_module

if __name__ == "__main__":
    import_module("kcfg_cli.start").main()
