import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/plugin/log.js';

function logged(message: string, fields?: Record<string, unknown>): string[] {
  const lines: string[] = [];
  createLog({ level: 'info', format: 'json', write: (line) => lines.push(line) })('info', message, fields);
  return lines;
}

describe('the JSON log', () => {
  it('is one object per line, with what the CloudQuery CLI reads', () => {
    const [line = ''] = logged('two\nlines', { progress: { rows: 3 } });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({ level: 'info', message: 'two\nlines', progress: { rows: 3 } });
  });

  it.each(['x'.repeat(10_000), '\u0001'.repeat(5_000), '🦆'.repeat(3_000), '"'.repeat(9_000)])(
    'keeps a long message within 4,096 bytes',
    (message) => {
      const [line = ''] = logged(message);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4096);
      expect((JSON.parse(line) as { message: string }).message).toMatch(/…$/);
    },
  );

  it('leaves out what is less important than asked for', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
    log('info', 'a');
    log('error', 'b');
    expect(lines).toHaveLength(1);
  });
});
