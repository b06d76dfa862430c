# The Debian packages that the site needs: which are missing, and how they come onto the machine.
# What counts is whether the program or library is there, wherever it came from; package names, which differ from
# release to release, are looked up only for what is missing.

has_library() { [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) == *"$1"* ]]; }

# missing_parts PART…: those of the parts that this machine does not have, one a line.
missing_parts() {
    local part
    for part in "$@"; do
        "has_$part" || say "$part"
    done
}

has_python() { find_python >/dev/null; }
has_gdal() { has_library libgdal.so; }
has_pango() { has_library libpangoft2-1.0.so && has_library libharfbuzz-subset.so; }
has_fonts() { find_file NotoSerif-Regular.ttf /usr/share/fonts /usr/local/share/fonts; }
has_gettext() { command -v msgfmt >/dev/null; }
has_postgresql() { find_postgresql >/dev/null; }
has_redis() { find_redis >/dev/null; }
has_chromium() { find_chromium >/dev/null; }

# find_file NAME FOLDER…: whether a file of this name lies below one of the folders.
find_file() {
    local name=$1
    shift
    [ -n "$(find "$@" -name "$name" -print -quit 2>/dev/null)" ]
}

find_chromium() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

# package_names PART…: the packages that bring the parts on this release, one a line.
package_names() {
    local part
    for part in "$@"; do
        case $part in
            python) python_packages ;;
            gdal) newest_named '^libgdal[0-9]+(t64)?$' gdal-bin ;;
            pango) printf '%s\n' libpangoft2-1.0-0 libharfbuzz-subset0 ;;
            fonts) say fonts-noto-core ;;
            gettext) say gettext ;;
            postgresql) postgresql_packages ;;
            redis) say redis-tools ;;
            chromium) say chromium ;;
        esac
    done
}

# newest_named PATTERN OTHERWISE: the package of the highest number whose name matches.
newest_named() {
    local name
    name=$(apt-cache search --names-only "$1" | cut -d ' ' -f 1 | sort -V | tail -n 1)
    say "${name:-$2}"
}

python_packages() {
    local version
    version=$(apt-cache policy python3 | sed -n 's/ *Candidate: //p')
    if [ -z "$version" ] || dpkg --compare-versions "$version" ge 3.11; then
        printf '%s\n' python3 python3-venv
    else
        newest_named '^python3\.1[1-9]-venv$' python3.11-venv
    fi
}

postgresql_packages() {
    local version
    version=$(installed_postgresql_versions | tail -n 1)
    [ -n "$version" ] || version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]\+\)$/\1/p')
    if [ -n "$version" ]; then
        printf '%s\n' "postgresql-$version" "postgresql-$version-postgis-3"
    else
        printf '%s\n' postgresql postgis
    fi
}

# may_install: sets AS_ROOT to what stands before a command that needs root; false where it cannot be had unasked.
may_install() {
    AS_ROOT=()
    [ "$EUID" -ne 0 ] || return 0
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && AS_ROOT=(sudo -n)
}

# install_missing PART…: brings what is missing onto the machine, or says what a person has to do.
install_missing() {
    local missing
    mapfile -t missing < <(missing_parts "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if command -v apt-get >/dev/null && may_install; then
        HINT="Is the machine online, and does \`apt-get update\` work? Then run this again."
        step "Debian packages for ${missing[*]}" apt_install "${missing[@]}"
        mapfile -t missing < <(missing_parts "${missing[@]}")
        [ ${#missing[@]} -gt 0 ] || return 0
    fi
    explain_missing "${missing[@]}"
}

apt_install() {
    local names apt=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1)
    local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold)
    "${apt[@]}" apt-get -q update || say "The lists of packages could not be renewed; trying with those at hand."
    mapfile -t names < <(package_names "$@")
    if [[ " $* " == *" postgresql "* ]]; then
        "${apt[@]}" apt-get -q install "${options[@]}" postgresql-common
        trap cluster_creation_as_before EXIT
        no_cluster_creation
    fi
    "${apt[@]}" apt-get -q install "${options[@]}" "${names[@]}"
}

# Debian's server packages make and start a cluster on port 5432. Nobody asked for that one: the setting is off
# while the package is installed, and then as it was.
CLUSTER_CREATION=/etc/postgresql-common/createcluster.conf

no_cluster_creation() {
    "${AS_ROOT[@]}" cp -p "$CLUSTER_CREATION" "$CLUSTER_CREATION.before"
    say "create_main_cluster = false" | "${AS_ROOT[@]}" tee -a "$CLUSTER_CREATION" >/dev/null
}

cluster_creation_as_before() {
    [ ! -e "$CLUSTER_CREATION.before" ] || "${AS_ROOT[@]}" mv "$CLUSTER_CREATION.before" "$CLUSTER_CREATION"
}

explain_missing() {
    local names=()
    if command -v apt-cache >/dev/null; then
        mapfile -t names < <(package_names "$@")
        fail "This machine lacks: $*. They cannot be installed from here without a password, so please run once:" \
            "" "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names[*]}" "" \
            "and then this command again. Two other ways serve as well:" \
            "    docker compose up" \
            "    DATABASE_URL=postgis://… REDIS_URL=redis://… $0    (then neither PostgreSQL nor Redis is needed here)"
    fi
    fail "This machine lacks: $*. On Debian and Ubuntu they would be installed from packages; here, please install" \
        "them by hand, or run \`docker compose up\`, or name servers elsewhere: DATABASE_URL=… REDIS_URL=… $0"
}
