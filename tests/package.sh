#!/usr/bin/env bash
# Installs a package into a clean Debian 12, uses it as somebody would, and takes it away again.
#
#   tests/package.sh Lentigo_0.1.0_amd64.deb
#
# Needs root (chroot), mmdebstrap or debootstrap, and a Debian mirror (MIRROR names another one). What is missing is said
# in one line, with exit status 77. Nothing outside the root it makes is changed.
set -euo pipefail

package=${1:?which package?}
mirror=${MIRROR:-http://deb.debian.org/debian}
home=/home/clinic
data=$home/.local/share/lentigo

fail() { printf 'package: %s\n' "$*" >&2; exit 1; }
missing() { printf 'package: not tested, %s\n' "$*" >&2; exit 77; }
step() { printf 'package: %s\n' "$*" >&2; }

[ -f "$package" ] || fail "no such file: $package"
[ "$(id -u)" = 0 ] || missing "needs root for the chroot"
command -v python3 >/dev/null || missing "needs python3 to read the self-test"
maker=$(command -v mmdebstrap || command -v debootstrap) || missing "needs mmdebstrap or debootstrap (apt-get install mmdebstrap)"

scratch=$(mktemp -d)
system=$scratch/root
mkdir "$system"

clean_up() {
  local place
  for place in dev/pts dev/shm dev proc; do
    if mountpoint -q "$system/$place"; then umount "$system/$place" || umount -l "$system/$place"; fi
  done
  # A mount that stayed must not be emptied.
  grep -q " $system/" /proc/mounts || rm -rf "$scratch"
}
trap clean_up EXIT

# In the clean system, as root and as the person who works there.
inside() { chroot "$system" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"; }
person() {
  chroot --userspec=clinic:clinic "$system" /usr/bin/env -i PATH=/usr/bin:/bin HOME="$home" LANG=C.UTF-8 XDG_RUNTIME_DIR=/tmp/runtime \
    sh -c 'cd && exec "$@"' sh "$@"
}

step "making a clean Debian 12"
case $maker in
  *mmdebstrap) mmdebstrap --quiet --variant=minbase bookworm "$system" "$mirror" ;;
  *) debootstrap --variant=minbase bookworm "$system" "$mirror" >/dev/null ;;
esac || missing "no Debian 12 could be made from $mirror"
mount -t proc proc "$system/proc"
mount --bind /dev "$system/dev"
mount -t tmpfs shm "$system/dev/shm"
inside useradd --create-home --home-dir "$home" clinic
inside install -d -m 700 -o clinic -g clinic /tmp/runtime

step "installing"
cp "$package" "$system/tmp/lentigo.deb"
inside apt-get -qq update
inside apt-get -qq install -y --no-install-recommends /tmp/lentigo.deb >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" >&2; fail "apt-get install failed"; }

step "what it put where"
for file in usr/bin/lentigo usr/share/applications/Lentigo.desktop usr/share/metainfo/org.lentigo.workstation.metainfo.xml \
  usr/share/man/man1/lentigo.1.gz usr/share/man/man1/lentigo-analyze.1.gz usr/share/bash-completion/completions/lentigo \
  usr/share/zsh/vendor-completions/_lentigo usr/share/fish/vendor_completions.d/lentigo.fish usr/share/doc/lentigo/copyright \
  usr/share/doc/lentigo/guide/user/01-first-steps.md usr/share/doc/lentigo/guide/de/user/01-first-steps.md \
  usr/share/doc/lentigo/security.md usr/share/doc/lentigo/MODEL_CARD.md; do
  [ -s "$system/$file" ] || fail "the package has no /$file"
done
for side in 16 24 32 48 64 128 256 512; do
  ls "$system/usr/share/icons/hicolor/${side}x${side}"/apps/*.png >/dev/null 2>&1 || fail "the package has no icon of $side pixels"
done
! grep -q '^MimeType=' "$system/usr/share/applications/Lentigo.desktop" || fail "the menu entry claims files that the program does not open"
size=$(inside dpkg-query -W -f='${Installed-Size}' lentigo)
models=$(du -sk "$system/usr/lib/Lentigo/models" | cut -f1)
step "installed: $size KiB, of them $models KiB models"
[ $((size - models)) -le 40960 ] || fail "more than 40 MB without the models"

step "starting"
wanted=$(inside dpkg-query -W -f='${Version}' lentigo)
[ "$(person lentigo --version)" = "lentigo $wanted" ] || fail "lentigo --version does not say $wanted"

# Amber is to be expected where there is no clinic yet; red is not, and neither is a model that reads otherwise.
status=0
person lentigo selftest --json >"$scratch/selftest.json" || status=$?
[ "$status" -le 1 ] || { cat "$scratch/selftest.json" >&2; fail "lentigo selftest ends with $status"; }
python3 - "$scratch/selftest.json" <<'END' || fail "the self-test found the model or the memory amiss"
import json, sys
lights = {check["check"]: check["light"] for check in json.load(open(sys.argv[1]))["checks"]}
print("package: self-test:", ", ".join(f"{name} {light}" for name, light in lights.items()), file=sys.stderr)
sys.exit(any(lights.get(name) != "green" for name in ("model", "golden_reading", "memory")))
END

person lentigo demo --out "$home/demo" >"$scratch/demo.log" || { cat "$scratch/demo.log" >&2; fail "lentigo demo failed"; }
report=$(find "$system$home/demo" -name '*.report.pdf' | head -n 1)
[ -n "$report" ] && [ "$(head -c 5 "$report")" = %PDF- ] || fail "lentigo demo left no PDF"

step "opening the window"
inside apt-get -qq install -y --no-install-recommends xvfb xauth dbus-x11 >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" >&2; fail "no display could be installed"; }
person env LENTIGO_LOG=info LIBGL_ALWAYS_SOFTWARE=1 timeout --kill-after=5 30 xvfb-run -a dbus-run-session -- lentigo >"$scratch/window.log" 2>&1 || true
grep -q 'window usable' "$scratch/window.log" || { tail -n 20 "$scratch/window.log" >&2; fail "the window did not become usable"; }

step "removing, with a clinic in its place"
person mkdir -p "$data/photographs"
person sh -c "head -c 100000 /dev/urandom >'$data/clinic.db' && head -c 5000 /dev/urandom >'$data/keyslots.json' && head -c 70000 /dev/urandom >'$data/photographs/one.sealed'"
print_of() { (cd "$system$data" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
before=$(print_of)
inside dpkg -L lentigo >"$scratch/files"
inside apt-get -qq purge -y lentigo >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" >&2; fail "apt-get purge failed"; }
while IFS= read -r file; do
  [ ! -f "$system$file" ] || fail "it left $file"
done <"$scratch/files"
[ "$(print_of)" = "$before" ] || fail "removing the package changed the clinic's folder"
step "good: installed, started, tested, removed; the clinic's folder is as it was"
