#!/bin/sh
# The main job on built-in input: examples/demo.config, judged by the built-in model of Linux 6.12.
# KCFG names the command (default: kcfg).
set -u
kcfg=${KCFG:-kcfg}
config=$(dirname "$0")/demo.config

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

cat <<END

Next, on your own kernels:
  $kcfg modes                                    the kernel that runs here
  $kcfg check /boot/config-... -p pvh-domu -p no-pv
  $kcfg show XEN_PVH --config $config
END
