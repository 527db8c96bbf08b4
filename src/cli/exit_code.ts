/** What a script can rely on; docs/commands.md explains them. */
export const exitCode = {
  ok: 0,
  /** `check`: a rule failed at or above --fail-on. */
  findings: 1,
  /** Something could not be read, so something is not known. */
  incomplete: 2,
  /** Wrong arguments or a wrong spec. */
  usage: 3,
  /** The run itself failed. */
  failed: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
