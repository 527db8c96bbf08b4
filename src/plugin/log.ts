export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** The CloudQuery CLI cuts a longer line, and then neither counts nor reads it. In bytes, with the line break. */
const longestLine = 4096;

/** Writes one line per message; as JSON in the shape that the CloudQuery CLI reads from a plugin's stdout. */
export function createLog(options: { level: LogLevel; format: 'json' | 'text'; write: (line: string) => void }): Log {
  const lowest = logLevels.indexOf(options.level);
  return (level, message, fields) => {
    if (logLevels.indexOf(level) < lowest) return;
    options.write(options.format === 'json' ? jsonLine(level, message, fields) : textLine(level, message));
  };
}

function jsonLine(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const time = new Date().toISOString();
  const lineOf = (text: string, more: object): string =>
    `${JSON.stringify({ level, time, module: 'aws-delegation', message: text, ...more })}\n`;
  const whole = lineOf(message, fields);
  if (Buffer.byteLength(whole) <= longestLine) return whole;
  // Characters that JSON escapes take up to six bytes: halve until it fits.
  for (let length = Math.min(message.length, longestLine); ; length = Math.floor(length / 2)) {
    const cut = lineOf(`${message.slice(0, length)}…`, {});
    if (Buffer.byteLength(cut) <= longestLine) return cut;
  }
}

function textLine(level: LogLevel, message: string): string {
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${message}\n`;
}
