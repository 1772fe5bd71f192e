/**
 * Calls wsgw at every Tab with the words up to the cursor. Yargs' own script requires a newer bash than macOS
 * has, and detects the shell by SHELL, which is the login shell.
 */
const SCRIPTS = {
  bash: `# wsgw: completion for bash, from wsgw completion bash
_wsgw_completion() {
  local IFS=$'\\n'
  COMPREPLY=($(SHELL=bash wsgw --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null))
}
complete -o bashdefault -o default -F _wsgw_completion wsgw
`,
  fish: `# wsgw: completion for fish, from wsgw completion fish
function _wsgw_completion
  set -l current (commandline -ct)
  set -l reply (env SHELL=fish wsgw --get-yargs-completions (commandline -opc) "$current" 2>/dev/null)
  if test (count $reply) -gt 0
    printf '%s\\n' $reply
  else
    __fish_complete_path "$current"
  end
end
complete -c wsgw -f -a '(_wsgw_completion)'
`,
  zsh: `#compdef wsgw
# wsgw: completion for zsh, from wsgw completion zsh
_wsgw_completion() {
  local reply
  local si=$IFS
  IFS=$'\\n' reply=($(SHELL=zsh wsgw --get-yargs-completions "\${(@)words[1,CURRENT]}" 2>/dev/null))
  IFS=$si
  if [[ \${#reply} -gt 0 ]]; then
    _describe 'values' reply
  else
    _default
  fi
}
if [[ "\${funcstack[1]}" == "_wsgw" ]]; then # a file of fpath, whose text is the function _wsgw
  _wsgw_completion "$@"
else
  compdef _wsgw_completion wsgw
fi
`,
} as const;

/** The script that adds completion of wsgw's command lines to a shell. */
export function completionScript(shell: keyof typeof SCRIPTS): string {
  return SCRIPTS[shell];
}
