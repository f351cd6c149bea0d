#!/bin/sh
# The main job on built-in input: examples/demo.config, judged by the built-in model of Linux 6.12, and examples/queue,
# judged by the tree in examples/upstream. KCFG names the command (default: kcfg), DEMO_SITE the folder of the pages.
set -u
kcfg=${KCFG:-kcfg}
here=$(dirname "$0")
config=$here/demo.config
site=${DEMO_SITE:-build/demo-site}

run() {
	expected=$1
	shift
	printf '\n$ kcfg %s\n\n' "$*"
	"$kcfg" "$@"
	status=$?
	if [ "$status" -ne "$expected" ]; then
		echo "demo: kcfg $* ended with status $status instead of $expected" >&2
		exit 1
	fi
}

run 0 modes "$config" --kernel 6.12
run 1 check "$config" --kernel 6.12 --profile pvh-domu
run 1 resolve "$config" --kernel 6.12
mkdir -p "$(dirname "$site")" || exit 1
run 0 report --config "$config" --kernel 6.12 --queue "$here/queue" --upstream "$here/upstream" --points 0 --output "$site"

cat <<END

Next, on your own kernels:
  $kcfg modes                                    the kernel that runs here
  $kcfg check /boot/config-... -p pvh-domu -p no-pv
  $kcfg show XEN_PVH --config $config

The pages of this demo, to open in a browser: $site/index.html
END
