/** One line of the plugin's log. */
export interface PluginLog {
  readonly level: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

export function parseLog(line: string): PluginLog {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'level' in value && 'message' in value) {
      return { ...value, level: String(value.level), message: String(value.message) };
    }
  } catch {
    // As the CLI: what is no JSON is an info line.
  }
  return { level: 'info', message: line };
}
