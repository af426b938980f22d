#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots Debian's kernels in qemu and attaches synhole there in every mode, as TAP.
# run.sh [VERSION...]: 5.10, 6.12, ..., or "newest". SYNHOLE=FILE runs another binary; ACCEL=kvm is
# faster where it works (software emulation works everywhere). ROWS=vrf,ipvs runs only
# these of the rows links, vrf and ipvs.
#
# The kernels come from the machine's own Debian mirror through an apt directory of our own
# (build/kernels/apt): its sources, lists and packages are not touched. What was fetched once is
# kept, so that a second run needs no network.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 5.10 6.1 6.12 newest
suites="bullseye bookworm bookworm-backports trixie trixie-backports"
modules="virtio_pci virtio_net veth 8021q sch_ingress cls_bpf wireguard tcp_diag bridge vrf ip_vs
	ip_vs_rr"
work=$PWD/build/kernels
limit=600
number=0

# install what is missing of the packages named
need() {
	missing=$(for package; do
		dpkg-query -Wf '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
			echo "$package"
	done)
	[ "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "Bail out! packages are missing; as root: apt-get install" $missing
		exit 1
	fi
	apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing >/dev/null
}

# run an apt program on our own lists and sources
our() {
	program=$1
	shift
	"$program" -qq -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=- \
		-o Dir::State="$work/apt" -o Dir::Cache="$work/apt" -o APT::Sandbox::User=root "$@"
}

index() {
	[ -z "$(find "$work/apt" -name ready -mtime -1 2>/dev/null)" ] || return 0
	mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
	mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' |
		sort -u | head -n 1)
	for suite in $suites; do
		echo "deb $mirror $suite main"
	done >"$work/apt/sources.list"
	our apt-get update && touch "$work/apt/ready"
}

# extract the newest kernel of version $1 that can be had into directory $2
fetch() {
	[ ! -e "$2/release" ] || return 0
	index
	case $1 in newest) wanted='[0-9]+\.[0-9]+' ;; *) wanted=$(echo "$1" | sed 's/\./\\./g') ;; esac
	our apt-cache search --names-only "^linux-image-$wanted\.[0-9].*-cloud-amd64(-unsigned)?\$" |
		sed 's/ .*//' | sort -Vr | head -n 4 >"$work/candidates"
	while read -r image; do
		release=${image#linux-image-}
		release=${release%-unsigned}
		rm -rf "$2" && mkdir -p "$2"
		# from 7.x on the image is split
		packages=$(our apt-cache pkgnames | grep -Fx -e "$image" -e "linux-base-$release" \
			-e "linux-binary-$release" -e "linux-modules-$release")
		(cd "$2" && our apt-get download $packages >&2) || continue
		for deb in "$2"/*.deb; do
			dpkg-deb -x "$deb" "$2" && rm "$deb"
		done
		[ -d "$2/lib" ] || ln -s usr/lib "$2/lib"
		depmod -b "$2" "$release"
		echo "$release" >"$2/release"
		return 0
	done <"$work/candidates"
	return 1
}

# copy programs with the libraries they name to the same places below tree $1
put() {
	tree=$1
	shift
	for program; do
		ldd "$program" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
			install -D "$library" "$tree$library"
		done
		install -D "$program" "$tree/usr/bin/${program##*/}"
	done
}

archive() {
	(cd "$1" && find . | cpio --quiet -o -H newc)
}

programs() {
	tree=$work/programs
	rm -rf "$tree"
	for directory in bin dev etc proc run sys tmp var/run/nsd; do
		mkdir -p "$tree/$directory"
	done
	# busybox's own sh and nsenter would prefer its applets to iproute2
	put "$tree" /bin/dash "$(command -v nsenter)" "$(command -v ip)" "$(command -v tc)" \
		"$(command -v wg)" /usr/sbin/nsd /usr/sbin/ipvsadm "$(command -v socat)" "$@"
	install "$1" "$tree/usr/bin/synhole"
	install /bin/dash "$tree/bin/sh"
	install /bin/busybox "$tree/bin/"
	install tests/kernels/init tests/kernels/situations "$tree/"
	archive "$tree" >"$work/programs.cpio"
}

# the modules the guest inserts, decompressed, numbered in the order of their dependencies
load() {
	tree=$1/tree
	rm -rf "$tree" && mkdir -p "$tree/modules"
	modprobe -d "$1" -S "$(cat "$1/release")" --show-depends -a $modules 2>/dev/null |
		awk '$1 == "insmod" && !seen[$2]++ { print 100 + NR, $2 }' |
		while read -r order file; do
			name=${file##*/}
			case $file in
			*.xz) xz -dc "$file" ;;
			*) cat "$file" ;;
			esac >"$tree/modules/$order-${name%%.*}"
		done
	archive "$tree" | cat "$work/programs.cpio" - >"$1/initrd"
}

# Without cmpxchg16b: qemu 7.2 emulates it so that a third of the boots of 6.12 crash.
boot() {
	timeout --foreground "$limit" qemu-system-x86_64 -accel "${ACCEL:-tcg}" -cpu max,-cx16 -smp 2 -m 768M \
		-display none -monitor none -serial stdio -no-reboot \
		-kernel "$(find "$1" -name 'vmlinuz*' | head -n 1)" -initrd "$1/initrd" \
		-append "console=ttyS0 loglevel=5 panic=-1${ROWS:+ rows=$ROWS}" \
		-nic hubport,hubid=0,model=virtio-net-pci -nic hubport,hubid=0,model=virtio-net-pci \
		</dev/null 2>&1 | tr -d '\r' >"$1/log"
}

tap() {
	number=$((number + 1))
	echo "$1 $number - $2"
}

# turn the guest's console into TAP: its own lines, whether it finished, what its kernel complained of
report() {
	while IFS= read -r line; do
		case $line in
		"ok - "*) tap ok "$1: ${line#ok - }" ;;
		"not ok - "*) tap "not ok" "$1: ${line#not ok - }" && failed=1 ;;
		"# finished") ;;
		"# "*) echo "$line" ;;
		esac
	done <"$2"
	if grep -qx "# finished" "$2" && ! grep -Eq 'BUG:|WARNING:|Oops|Kernel panic' "$2"; then
		tap ok "$1: finished, and the kernel did not complain"
	else
		tap "not ok" "$1: finished, and the kernel did not complain (see $2)" && failed=1
		tail -n 15 "$2" | sed 's/^/# /'
	fi
}

failed=0
binary=${SYNHOLE:-build/synhole}
verifier=build/tests/bench/bench_verifier
oracle=build/tests/io/test_rtnl_route
for file in "$binary" "$verifier" "$oracle"; do
	[ ! -x "$file" ] || continue
	echo "Bail out! $file is not there; build it with: make $file"
	exit 1
done
need qemu-system-x86 busybox-static cpio kmod xz-utils iproute2 wireguard-tools nsd ipvsadm socat
mkdir -p "$work"
programs "$binary" "$verifier" "$oracle"
for version; do
	root=$work/$version
	if ! fetch "$version" "$root"; then
		tap "not ok" "$version: no such kernel can be had" && failed=1
		continue
	fi
	load "$root"
	boot "$root" || :
	report "$(cat "$root/release")" "$root/log"
done
echo "1..$number"
exit $failed
