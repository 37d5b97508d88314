/**
 * A script by which a shell queries hygge for completions. The script contains no names of commands, so it never becomes outdated.
 * @param program the absolute path of hygge, which a shell uses if the command `hygge` is not found.
 */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: string): string {
  const word = `'${program.replaceAll("'", shell === 'fish' ? "\\'" : "'\\''")}'`;
  return `${scripts[shell]}${reached[shell](word)}`;
}

const reached = {
  bash: (program: string) => `command -v hygge > /dev/null || hygge() { ${program} "$@"; }\n`,
  zsh: (program: string) => `(( $+commands[hygge] )) || hygge() { ${program} "$@" }\n`,
  fish: (program: string) => `type -q hygge; or function hygge; ${program} $argv; end\n`,
};

/** The script for bash. The script passes the words as typed, so `:` and `=` do not end a word. Without completions, the shell completes names of files. */
const bash = `# hygge completion for bash
_hygge() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current
  # COMP_WORDS is split at : and = as well; hygge's own words are not.
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[-1]}"
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${words[@]:1}" 2>/dev/null))
  unset IFS
  local at="\${current%"\${current##*[:=]}"}" i
  for i in "\${!COMPREPLY[@]}"; do
    COMPREPLY[i]="\${COMPREPLY[i]#"$at"}"
    [[ "\${COMPREPLY[i]}" == *[[:space:]\\'\\"]* ]] && COMPREPLY[i]="$(printf '%q' "\${COMPREPLY[i]}")"
  done
  [[ "\${COMPREPLY[0]}" == *, ]] && compopt -o nospace
  return 0
}
complete -o default -F _hygge hygge
`;

const zsh = `#compdef hygge
_hygge() {
  local -a found
  found=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( $#found )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _hygge hygge
`;

const fish = `# hygge completion for fish
function __hygge_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  # In quotes: nothing typed yet is a word as well.
  set -l found (hygge __complete -- $words "$current" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c hygge -f -a '(__hygge_complete)'
`;

const scripts = { bash, zsh, fish };
