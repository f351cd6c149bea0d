"""How a queue applies a patch: in reverse, in another folder, in part. What is not certain is no entry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from patches.queues.entries import doubted
from patches.queues.formats import ListedPatch
from patches.queues.formats.byhand import taken_back
from patches.queues.formats.manner import level, options
from patches.queues.formats.nix_phases import with_phases
from patches.queues.formats.shellchanges import reads, tail, touched
from patches.queues.formats.shellfolder import below, changed
from patches.queues.formats.shellmerge import joined
from patches.queues.formats.shellwords import UNKNOWN, Field
from patches.queues.formats.spec_changes import changes
from patches.queues.formats.spec_folder import Where, doubt
from patches.queues.queue import Queue, open_queue
from patches.queues.reasons import UnclearKind
from patches.text.problems import ProblemKind
from tests.patches.queues.test_queues import write

PATCH = "x\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"
UP, TOP, SUB = (True, "a.c"), (False, "a.c"), (False, "sub/a.c")
FOLDER, OPTIONS, PART = UnclearKind.FOLDER, UnclearKind.OPTIONS, UnclearKind.PART
Told = tuple[bool, str] | UnclearKind


def told(queue: Queue) -> list[Told]:
    """(whether in reverse, path) of each entry, and why others are none."""
    found: list[Told] = [(one.reverse, one.patch.files[0].path) for one in queue.entries]
    return found + list(dict.fromkeys(one.unclear.kind for one in queue.findings if one.unclear))


def opened(folder: Path, name: str, text: str, where: str = "p.patch") -> Queue:
    return open_queue(str(write(folder, {name: text, where: PATCH}) / name))


@pytest.mark.parametrize(
    ("prep", "found"),
    [
        ("%patch0 -p1", TOP),
        ("  %patch -P 0 -p1", TOP),
        ("patch -p1 -R -i %{P:0}", UP),
        ("patch -Rp1 -i %{PATCH0}", UP),
        ("%{__patch} -p1 -R -i %{P:0}", UP),
        ("for p in %{patches}; do patch -p1 -R < $p; done", UnclearKind.BY_HAND),
        ("patch -p1 -R < %{_sourcedir}/p.patch", UnclearKind.BY_HAND),
        ('%{lua: print(rpm.expand("%patch0 -p1 -R"))}', OPTIONS),
        ("%autopatch -p1 -R", OPTIONS),
        ("%patch0 -p1 -d sub", SUB),
        ("cd sub\n%patch0 -p1\ncd ..", SUB),
        ("pushd sub >/dev/null\n%patch0 -p1\npopd", SUB),
        ("pushd sub\npopd\n%patch0 -p1", TOP),
        ("cd $x\n%patch0 -p1", FOLDER),
        ("if x; then\ncd sub\nfi\n%patch0 -p1", FOLDER),
        ("%if %{with x}\ncd sub\n%endif\n%patch0 -p1", FOLDER),
        ("%if %{with x}\ncd sub\ncd ..\n%endif\n%patch0 -p1", TOP),
        ("cd sub && %patch0 -p1", OPTIONS),
        ("%setup -q -c\ncd k-%{version}\n%patch0 -p1", TOP),
        ("sed -i s/new/newer/ %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("sed -i s/new/newer/ %{_sourcedir}/*.patch\n%patch0 -p1", UnclearKind.CHANGED),
        ("find .. -name '*.patch' -exec sed -i s/new/newer/ {} +\n%patch0 -p1", UnclearKind.CHANGED),
        ("cat more >> %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("echo +more >> %{_sourcedir}/p.patch\n%patch0 -p1", UnclearKind.CHANGED),
        ("cat more | tee -a %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("cp other.patch %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("cp z/p.patch %{_sourcedir}/\n%patch0 -p1", UnclearKind.CHANGED),
        ("cp z/*.patch %{_sourcedir}\n%patch0 -p1", UnclearKind.CHANGED),
        ("cp z/* %{_sourcedir}\n%patch0 -p1", UnclearKind.CHANGED),
        ("if x; then %{__cp} -t $RPM_SOURCE_DIR z/p.patch; fi\n%patch0 -p1", UnclearKind.CHANGED),
        ("curl -o %{PATCH0} https://x.org/q\n%patch0 -p1", UnclearKind.CHANGED),
        ("python3 fix.py %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("python3 fix.py '%{P:0}' > log\n%autopatch -p1", UnclearKind.CHANGED),
        ("dd if=z of=%{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("truncate -s0 %{_sourcedir}/p.patch\n%patch0 -p1", UnclearKind.CHANGED),
        ("rm -f %{_sourcedir}/*.patch\n%patch0 -p1", UnclearKind.CHANGED),
        ("sed s/x/y/ %{PATCH0} | sponge %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("ls %{_sourcedir}/*.patch | xargs fix\n%patch0 -p1", UnclearKind.CHANGED),
        ("cp -p %{PATCH0} %{SOURCE1} .; rm -rf *; tar xf %{SOURCE1}\n%patch0 -p1", TOP),
        ("grep -q x %{PATCH0} && X=%{PATCH0}\n[ -f %{PATCH0} ]\n%patch0 -p1", TOP),
        ("ApplyPatch p.patch\n%patch0 -p1", TOP),
        ("python3 fix.py \\\n  -v \\\n  %{PATCH0}\n%patch0 -p1", UnclearKind.CHANGED),
        ("patch -p1 \\\n  -R < %{PATCH0}", OPTIONS),
        ("%patch0 -p1 \\\n  -R", OPTIONS),
        ("%patch0 -p1 \\\n  -b .x", TOP),
        ("cp %{PATCH0} .\necho %{PATCH0}\n%patch0 -p1 > log", TOP),
        ("filterdiff -x b.c %{PATCH0} | patch -p1", UnclearKind.HANDED),
        ("xzcat %{PATCH0} | patch -p1", TOP),
        ("PATCH_ARGS=-R\npatch $PATCH_ARGS -p1 < %{PATCH0}", OPTIONS),
        ("PATCH_ARGS=-R\n%{__patch} -p1 ${PATCH_ARGS} -i %{PATCH0}", OPTIONS),
        ('patch -p1 -d "$PWD" < %{PATCH0}', FOLDER),
        ("git apply --exclude=a.c %{PATCH0}", PART),
        ("patch -p1 -R --dry-run < %{PATCH0}\n%patch0 -p1", None),
    ],
)
def test_a_spec_says_in_which_folder_and_how(tmp_path: Path, prep: str, found: Told | None) -> None:
    head = "Name: k\nPatch0: p.patch\n%prep\n"
    setup = "" if prep.startswith("%setup") else "%setup -q\n"
    queue = opened(tmp_path, "k.spec", f"{head}{setup}{prep}\n")
    assert found is None or told(queue) == [found]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("%global _default_patch_flags -R", OPTIONS),
        ("%define _default_patch_flags -s --reverse", OPTIONS),
        ("%if 0%{?x}\n%global _default_patch_flags -R\n%endif", OPTIONS),
        ("%global _default_patch_flags %{mine}", OPTIONS),
        ("%global __patch /usr/bin/patch -R", OPTIONS),
        ("%global _default_patch_flags --no-backup-if-mismatch -f", TOP),
        ("%define __patch /usr/bin/gpatch", TOP),
    ],
)
@pytest.mark.parametrize("prep", ["%autosetup -p1", "%setup -q\n%patch0 -p1", "%setup -q\n%autopatch -p1"])
def test_flags_that_a_spec_gives_all_patches_count(tmp_path: Path, head: str, found: Told, prep: str) -> None:
    assert told(opened(tmp_path, "k.spec", f"Name: k\n{head}\nPatch0: p.patch\n%prep\n{prep}\n")) == [found]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ('local patch_args="-p1 -R"; default_prepare', UP),
        ('local o=-R; patch -p1 $o -i "$srcdir"/p.patch', UP),
        ('cd "$builddir"/sub; patch -p1 -i "$srcdir"/p.patch', SUB),
        ('(cd sub; true); patch -p1 -i "$srcdir"/p.patch', TOP),
        ('[ -d sub ] && cd sub; patch -p1 -i "$srcdir"/p.patch', FOLDER),
        ("default_prepare", TOP),
        ('sed -i s/new/newer/ "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ("perl -pi -e s/new/newer/ ../p.patch; default_prepare", UnclearKind.CHANGED),
        ('dos2unix "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('cat more >> "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('echo more | tee -a "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('cp other.patch "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('sed -i s/new/newer/ "$srcdir"/*.patch; default_prepare', UnclearKind.CHANGED),
        ("find .. -name '*.patch' -exec sed -i s/new/newer/ {} +; default_prepare", UnclearKind.CHANGED),
        ("ls ../*.patch | xargs sed -i s/new/newer/; default_prepare", UnclearKind.CHANGED),
        ('cp other/p.patch "$srcdir"/; default_prepare', UnclearKind.CHANGED),
        ('cp other/*.patch "$srcdir"; default_prepare', UnclearKind.CHANGED),
        ('cp other/* "$srcdir"; default_prepare', UnclearKind.CHANGED),
        ('cp -t "$srcdir" other/p.patch; default_prepare', UnclearKind.CHANGED),
        ('cp --target-directory="$srcdir" other/p.patch; default_prepare', UnclearKind.CHANGED),
        ("cp p.patch ..; default_prepare", UnclearKind.CHANGED),
        ("cp $other/p.patch ..; default_prepare", UnclearKind.CHANGED),
        ('install -m644 other/p.patch "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('mv "$srcdir"/p.patch "$srcdir"/q.patch; default_prepare', UnclearKind.CHANGED),
        ('rsync -a other/p.patch "$srcdir"/; default_prepare', UnclearKind.CHANGED),
        ('curl -o "$srcdir"/p.patch https://x.org/q; default_prepare', UnclearKind.CHANGED),
        ('wget -P "$srcdir" https://x.org/p.patch; default_prepare', UnclearKind.CHANGED),
        ('wget -O"$srcdir"/p.patch https://x.org/q; default_prepare', UnclearKind.CHANGED),
        ('dd if=x of="$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('truncate -s0 "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ('python3 fix.py --file="$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ("python3 fix.py $x/p.patch; default_prepare", UnclearKind.CHANGED),
        ('sh -c "fix ../p.patch; true"; default_prepare', UnclearKind.CHANGED),
        ("perl fix.pl ../p.patch; default_prepare", UnclearKind.CHANGED),
        ('sed s/x/y/ ../p.patch | sponge "$srcdir"/p.patch; default_prepare', UnclearKind.CHANGED),
        ("git mv ../p.patch x; default_prepare", UnclearKind.CHANGED),
        ("find .. -name '*.patch' -delete; default_prepare", UnclearKind.CHANGED),
        ("find .. -name '*.patch' -exec fix {} +; default_prepare", UnclearKind.CHANGED),
        ("ls ../*.patch | xargs -n1 fix; default_prepare", UnclearKind.CHANGED),
        ("env X=1 fix ../p.patch; default_prepare", UnclearKind.CHANGED),
        ('cp "$srcdir"/p.patch .; cat "$srcdir"/p.patch > log; default_prepare', TOP),
        ('install -Dm644 -t "$pkgdir"/doc "$srcdir"/*.patch; default_prepare', TOP),
        ('cp "$srcdir"/p.patch $x/p.patch; default_prepare', TOP),
        ('cp x/* "$builddir"; rm -rf *; chmod 644 ../p.patch; default_prepare', TOP),
        ("msg2 'Applying p.patch'; ls ../p.patch; test -f ../p.patch; tar cf x ../p.patch; default_prepare", TOP),
        ("find .. -name '*.patch'; ls ../*.patch | xargs -n1 echo; git add ../p.patch; default_prepare", TOP),
        ("if false; then rm ../p.patch; fi; default_prepare", TOP),
        ("perl -ne print ../p.patch; default_prepare", TOP),
        ('sed -i s/new/newer/ "$builddir"/a.c; sed -n 1p ../p.patch; default_prepare', TOP),
    ],
)
def test_an_apkbuild_says_in_which_folder_and_how(tmp_path: Path, lines: str, found: Told) -> None:
    assert told(opened(tmp_path, "APKBUILD", f'source="p.patch"\nprepare() {{\n{lines}\n}}\n')) == [found]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ('build() {\npatch -p1 -R < "$srcdir"/p.patch\nmake\n}', [UnclearKind.BOTH_WAYS]),
        ("package() {\npatch -p1 -R -i ../p.patch\n}", [UnclearKind.BOTH_WAYS]),
        ("check() {\n_undo ../p.patch\n}\n_undo() {\npatch -p1 -R -i $1\n}", [UnclearKind.BOTH_WAYS]),
        ('_doc() {\ncd "$srcdir"/k\ngit apply -R ../p.patch\n}', [UnclearKind.BOTH_WAYS]),
        ("_unused() {\npatch -p1 -i $1\n}", [TOP]),
        ("build() {\nmake\n}\npackage() {\nrm ../p.patch\n}\n_doc() {\npatch -p0 -i ../p.patch\n}", [TOP]),
    ],
)
@pytest.mark.parametrize(
    ("name", "where", "head"),
    [
        ("APKBUILD", "p.patch", 'source="p.patch"'),
        ("PKGBUILD", "p.patch", "source=(p.patch)\nprepare() {\ncd k\npatch -p1 -i ../p.patch\n}"),
    ],
)
def test_any_function_of_a_recipe_may_take_a_patch_back(
    tmp_path: Path, name: str, where: str, head: str, more: str, found: list[Told]
) -> None:
    assert told(opened(tmp_path, name, f"{head}\n{more}\n", where)) == found


@pytest.mark.parametrize("function", ["prepare", "build", "_doc"])
def test_a_function_that_is_too_long_to_be_followed_is_told(tmp_path: Path, function: str) -> None:
    text = f'source="p.patch"\n{function}() {{\nfor i in {{1..900}}; do for j in {{1..900}}; do true; done; done\n}}\n'
    queue = opened(tmp_path, "APKBUILD", text)
    assert [one.unclear.kind for one in queue.findings if one.unclear] == [UnclearKind.SHELL]


def test_any_function_of_an_ebuild_may_take_a_patch_back(tmp_path: Path) -> None:
    head = 'EAPI=8\nSRC_URI=k.tar.gz\nPATCHES=( "${FILESDIR}"/p.patch )\n'
    text = f'{head}src_compile() {{\nemake\neapply -R "${{FILESDIR}}"/p.patch\n}}\n'
    assert told(opened(tmp_path, "k-1.ebuild", text, "files/p.patch")) == [UnclearKind.BOTH_WAYS]
    text = f'{head}src_install() {{\ndodoc "${{FILESDIR}}"/p.patch\n}}\n'
    assert told(opened(tmp_path / "two", "k-1.ebuild", text, "files/p.patch")) == [TOP]


@pytest.mark.parametrize("line", ['patch "$srcdir"/p.patch < fix', "patch -o ../p.patch x.c < fix"])
def test_a_patch_that_patch_itself_changes_is_another_one(tmp_path: Path, line: str) -> None:
    text = f'source="p.patch"\nprepare() {{\n{line}\ndefault_prepare\n}}\n'
    assert told(opened(tmp_path, "APKBUILD", text)) == [OPTIONS, UnclearKind.CHANGED]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("patch -p1 -i ../p.patch", TOP),
        ("patch -d sub -p1 -i ../p.patch", SUB),
        ("git apply --directory=sub ../p.patch", SUB),
        ("git -C sub apply ../p.patch", SUB),
        ("cd sub && patch -p1 -i ../../p.patch", SUB),
        ("pushd sub; patch -p1 -i ../../p.patch; popd", SUB),
        ("pushd sub; popd; patch -p1 -i ../p.patch", TOP),
        ("patch -p1 sub/a.c ../p.patch", OPTIONS),
        ("git apply --exclude=a.c ../p.patch", PART),
        ("git apply --include a.c ../p.patch", PART),
        ("env LC_ALL=C patch -p1 -R -i ../p.patch", None),
    ],
)
def test_a_pkgbuild_says_in_which_folder_and_how(tmp_path: Path, lines: str, found: Told | None) -> None:
    queue = opened(tmp_path, "PKGBUILD", f"source=(k.tar.gz p.patch)\nprepare() {{\ncd k\n{lines}\n}}\n")
    assert told(queue) == ([found] if found else [])


@pytest.mark.parametrize(
    ("head", "lines", "found"),
    [
        ("", 'local EPATCH_OPTS="-R -p1"; epatch "${FILESDIR}"/p.patch', UP),
        ("", 'pushd "${S}"/sub; eapply "${FILESDIR}"/p.patch; popd', SUB),
        ("", 'cd sub || die; eapply "${FILESDIR}"/p.patch', SUB),
        ("", 'eapply -d sub "${FILESDIR}"/p.patch', SUB),
        ('S="${WORKDIR}/k/sub"\nPATCHES=( "${FILESDIR}"/p.patch )', "default", SUB),
        ('S="${WORKDIR}/k-1"\nPATCHES=( "${FILESDIR}"/p.patch )', "default", TOP),
    ],
)
def test_an_ebuild_says_in_which_folder_and_how(tmp_path: Path, head: str, lines: str, found: Told) -> None:
    text = f"EAPI=8\nSRC_URI=k.tar.gz\n{head}\nsrc_prepare() {{\n{lines}\n}}\n"
    assert told(opened(tmp_path, "k-1.ebuild", text, "files/p.patch")) == [found]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("patches = [ ./p.patch ];", TOP),
        ('patches = [ ./p.patch ];\nsourceRoot = "${src.name}/sub";', SUB),
        ('patches = [ ./p.patch ];\nsourceRoot = "source";', TOP),
        ('patches = [ ./p.patch ];\nprePatch = "cd sub";', FOLDER),
        ("patches = [ ./p.patch ];\nprePatch = ''\n  cd sub\n  x\n  cd ..\n'';", TOP),
        ('patches = [ ./p.patch ];\npostPatch = "patch -R -p1 < ${./p.patch}";', UnclearKind.BY_HAND),
        ('patches = [ (fetchpatch { name = "p.patch"; url = "https://x.org/p"; excludes = [ "b" ]; }) ];', PART),
        ('patches = [ (fetchpatch { name = "p.patch"; url = "https://x.org/p"; stripLen = 1; }) ];', PART),
    ],
)
def test_a_nix_expression_says_in_which_folder_and_how(tmp_path: Path, body: str, found: Told) -> None:
    assert told(opened(tmp_path, "default.nix", f"{{ fetchpatch }}:\n{{\n{body}\n}}\n")) == [found]


@pytest.mark.parametrize(
    ("word", "more", "found"),
    [
        ("file://p.patch", "", TOP),
        ("file://p.patch;patchdir=sub", "", SUB),
        ("file://p.patch;patchdir=${S}/sub", "", SUB),
        ("file://p.patch;patchdir=${X}", "", FOLDER),
        ("file://p.patch", 'S = "${WORKDIR}/k/sub"\n', SUB),
        ("file://p.patch", 'S = "${WORKDIR}/k"\n', TOP),
        ("file://p.patch", 'S = "${WORKDIR}/k"\nS = "${WORKDIR}/k/sub"\n', SUB),
        ("file://p.patch", "do_configure:prepend() {\n    patch -R -p1 < p.patch\n}\n", UnclearKind.BY_HAND),
        ("file://p.patch", "do_patch:prepend() {\n    sed -i s/x/y/ ${WORKDIR}/p.patch\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "do_patch_prepend() {\n    sed -i \\\n  s/x/y/ p.patch\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "do_unpack:append() {\n    sed -i s/x/y/ ${UNPACKDIR}/*.patch\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "do_unpack:append() {\n    cp z/p.patch ${WORKDIR}\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "do_unpack:append() {\n    echo x > ${WORKDIR}/p.patch\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "do_mine() {\n    fix ${WORKDIR}/p.patch\n}\n", UnclearKind.CHANGED),
        ("file://p.patch", "python do_patch:append() {\n    run('x -i p.patch')\n}\n", UnclearKind.EXPRESSION),
        ("file://p.patch", "def mine(d):\n    run('p.patch')\n\nX = '1'\n", UnclearKind.EXPRESSION),
        ("file://p.patch", "python () {\n    d.setVar('SRC_URI', '')\n}\n", UnclearKind.EXPRESSION),
        ("file://p.patch", "do_configure:prepend() {\n    rm ${WORKDIR}/p.patch\n}\n", TOP),
        ("file://p.patch", "do_install() {\n    install ${WORKDIR}/p.patch ${D}\n}\n", TOP),
        ("file://p.patch", "do_unpack:append() {\n    ls ${WORKDIR}/*.patch\n    rm -rf ${S}/*\n}\n", TOP),
        ("file://p.patch", "python do_unpack:append() {\n    d.getVar('SRC_URI') # p.patch\n}\n", TOP),
    ],
)
def test_a_yocto_recipe_says_in_which_folder_and_how(tmp_path: Path, word: str, more: str, found: Told) -> None:
    assert told(opened(tmp_path, "k_1.bb", f'SRC_URI = "{word}"\n{more}', "files/p.patch")) == [found]


@pytest.mark.parametrize("limit", ["maxrev=3", "minrev=1", "mindate=20200101", "maxdate=20210101", "rev=1", "notrev=1"])
def test_a_limit_of_yocto_s_address_is_the_patch_s_condition(tmp_path: Path, limit: str) -> None:
    queue = opened(tmp_path, "k_1.bb", f'SRC_URI = "file://p.patch;{limit}"\n', "files/p.patch")
    assert [one.condition for one in queue.entries] == [limit]


def test_a_buildroot_hook_that_takes_a_patch_back_makes_it_unclear(tmp_path: Path) -> None:
    text = "define K_UNDO\n\tpatch -R -p1 -d $(@D) < x/0001-p.patch\nendef\n$(eval $(generic-package))\n"
    assert told(opened(tmp_path, "k.mk", text, "0001-p.patch")) == [UnclearKind.BY_HAND]


def test_what_minus_p0_leaves_in_a_name_is_told(tmp_path: Path) -> None:
    for line, kinds in (("p.patch -p0", [ProblemKind.PREFIX]), ("p.patch", [])):
        queue = opened(tmp_path, "series", f"{line}\n")
        assert [one.kind for one in queue.entries[0].patch.problems] == kinds
    assert ProblemKind.PREFIX.value == "prefix"


def test_a_patch_that_is_unclear_in_one_place_is_so_in_all(tmp_path: Path) -> None:
    text = "Name: k\nPatch0: p.patch\n%prep\n%patch0 -p1\n%patch0 -p1 %{?x:-R}\n"
    assert opened(tmp_path, "k.spec", text).entries == ()


def test_folders_and_conditions_are_put_together() -> None:
    assert changed("@srcdir@/k", "../l/./m") == "@srcdir@/l/m"
    assert [below(one) for one in ("@s@/x", "@srcdir@", "@srcdir@/k/x", "@t@", f"@s@/{UNKNOWN}")] == [
        "x", "", "x", None, None,
    ]  # fmt: skip
    assert (reads("cat", []), reads("fix", []), tail("../p.patch")) == (True, False, "p.patch")
    assert [one.text for one in touched([Field("rm"), Field("p.patch")], (), "@s@", lambda _: True)] == ["p.patch"]
    assert joined("a", "", "a", "b") == "a and b"
    given, rest = options([Field("-p2"), Field("--include"), Field("x"), Field("y")], "p")
    assert (level(given, 1), given["include"].text, [one.text for one in rest]) == (2, "x", ["y"])
    assert Where().folder("") == ""
    assert changes("cp z/p.patch %{_sourcedir}; fix %{PATCH3}", {"p.patch": 0}) == {0, 3}
    assert doubt("echo %{PATCH0}", {"p.patch": 0}) is None
    items = [ListedPatch("p.patch", "p.patch"), ListedPatch("q.patch", "q.patch")]
    assert [one.unclear is None for one in taken_back(items, ["patch -Rp1 < q.patch"])] == [True, False]
    assert [one.folder for one in with_phases(items, [("sourceRoot", "k/sub")])] == ["sub", "sub"]


def test_a_patch_that_is_applied_and_taken_back_is_unclear_in_both_places() -> None:
    one, two = ListedPatch("a.patch", "a.patch", 1), ListedPatch("b.patch", "b.patch", 2)
    told = doubted([one, two, replace(one, line=3, reverse=True)])
    assert [item.unclear and item.unclear.kind for item in told] == [UnclearKind.BOTH_WAYS, None, UnclearKind.BOTH_WAYS]
    never = replace(one, line=3, reverse=True, never="0")
    assert [item.unclear for item in doubted([one, never])] == [None, None]
