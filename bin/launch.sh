# Sourced by the launchers: finds Java, builds in a source tree where needed, and becomes the program.
# Set before: module (the folder), jar (the file's name without .jar), needs (the modules it is made of besides its own),
# program_flags (for the JVM).
#
#   CULVERT_JAVA       the java command to use; without it that of the distribution's runtime/, or else the newest one
#                      that is installed
#   CULVERT_JAVA_OPTS  more flags for the JVM

oldest_java=17

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# The major version of the Java whose home is $1, from its release file, which costs no JVM start.
major_version() {
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

consider() {
    [ -x "$1/bin/java" ] || return 0
    major=$(major_version "$1")
    if [ "${major:-0}" -gt "$java_version" ]; then
        java=$1/bin/java
        java_version=$major
    fi
}

# The newest Java: the default one is often older than others beside it, and newer ones have the faster sockets.
find_java() {
    java=
    java_version=0
    if [ -n "${CULVERT_JAVA:-}" ]; then
        java=$CULVERT_JAVA
        java_version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
        [ -n "$java_version" ] || fail "CULVERT_JAVA=$CULVERT_JAVA is not a java command"
        return
    fi
    if [ -d "$root/runtime" ]; then
        consider "$root/runtime"
        return
    fi
    [ -z "${JAVA_HOME:-}" ] || consider "$JAVA_HOME"
    if default_java=$(command -v java); then
        consider "$(dirname "$(dirname "$(readlink -f "$default_java" || echo "$default_java")")")"
    fi
    for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        consider "$home"
    done
}

# Whether the jar is missing or something that it is made of is newer.
is_stale() {
    [ -f "$1" ] || return 0
    for part in $module $needs; do
        set -- "$@" "$root/$part/pom.xml" "$root/$part/src/main"
    done
    built=$1
    shift
    [ -n "$(find "$root/pom.xml" "$@" -newer "$built" -print 2>/dev/null | head -n 1)" ]
}

build() {
    command -v mvn >/dev/null || fail "the program is not built yet, and there is no mvn to build it: install Maven 3.8 or newer"
    echo "${0##*/}: building $module (only this time)" >&2
    (cd "$root" && mvn -q -B -DskipTests package -pl "$module" -am >&2) || fail "the build failed"
    touch "$1" # Maven leaves a jar alone whose contents would be the same
}

# The folder above bin/, wherever a link to the launcher lies.
root=$(cd "$(dirname "$(readlink -f "$0" || echo "$0")")/.." && pwd -P)
if [ -f "$root/pom.xml" ]; then
    jar_file=$root/$module/target/$jar.jar
    ! is_stale "$jar_file" || build "$jar_file"
else
    jar_file=$root/lib/$jar.jar
fi
[ -f "$jar_file" ] || fail "$jar_file is missing"

find_java
[ "$java_version" -ge "$oldest_java" ] ||
    fail "needs Java $oldest_java or newer; install one, or name its java command in CULVERT_JAVA"

flags=$program_flags
if [ "$java_version" -ge 22 ]; then
    # Native sockets, without a warning. What start-up and bursts took goes back to the system.
    flags="$flags --enable-native-access=ALL-UNNAMED -XX:TrimNativeHeapInterval=5000"
fi
if [ "$java_version" -ge 24 ]; then
    flags="$flags --sun-misc-unsafe-memory-access=allow" # Netty's direct buffers, without a warning
fi
# The classes as the JVM lays them out in memory: half of the time to start. It fits this runtime and these jars; where
# it does not, the JVM does without, and need not say so.
archive=$root/runtime/lib/$jar.jsa
[ "$java" = "$root/runtime/bin/java" ] && [ -f "$archive" ] || archive=

# A closed standard input would be handed to the first file that Java opens, and be read as such.
{ true 3<&0; } 2>/dev/null || exec </dev/null

# shellcheck disable=SC2086 # flags are words
exec "$java" ${archive:+"-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:aot=off} $flags ${CULVERT_JAVA_OPTS:-} -jar "$jar_file" "$@"
