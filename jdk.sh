# For scripts to source: finds the JDK that programs run on.

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# The major version of the JDK in the directory $1; nothing if there is none.
major_version() {
  [[ -n $1 && -x $1/bin/java && -x $1/bin/javac && -f $1/release ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets java_home to the first JDK 25 of JAVA_HOME, JAVA25_HOME, java on the PATH, and the places
# where installers put JDKs.
find_jdk() {
  local candidate on_path
  local candidates=("${JAVA_HOME:-}" "${JAVA25_HOME:-}" "${JDK_HOME:-}")
  if on_path="$(command -v javac)"; then
    while [[ -L $on_path ]]; do
      candidate="$(readlink "$on_path")"
      [[ $candidate == /* ]] || candidate="$(dirname "$on_path")/$candidate"
      on_path="$candidate"
    done
    candidates+=("$(dirname "$(dirname "$on_path")")")
  fi
  candidates+=(
    /usr/lib/jvm/*
    /usr/java/*
    /opt/java/*
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/*
    "$HOME"/.jdks/*
    "$HOME"/.local/share/mise/installs/java/*
    "$HOME"/.asdf/installs/java/*
    /Library/Java/JavaVirtualMachines/*/Contents/Home
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home
    /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home
  )
  for candidate in "${candidates[@]}"; do
    if [[ $(major_version "$candidate") == 25 ]]; then
      java_home="$candidate"
      return
    fi
  done
  fail "No JDK 25 found: not in JAVA_HOME (${JAVA_HOME:-not set}), nor where installers put JDKs." \
    "Install one, for example Temurin 25 from https://adoptium.net, or with" \
    "  sdk install java 25-tem" \
    "or set JAVA_HOME to the directory of one."
}
