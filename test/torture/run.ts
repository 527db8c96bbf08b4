import { Command, InvalidArgumentError, Option } from 'commander';
import { parts } from './parts.js';
import { torture } from './torture.js';

const names = parts.map(({ name }) => name);
const number = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
};
const program = new Command('npm run torture --')
  .description(
    'Kills, faults and bad input, until the time is over. The last line counts them; 1 where anything was lost.',
  )
  .option('--seed <seed>', 'makes the same choices again', String(Date.now()))
  .option('--duration <seconds>', 'for how long', number, 300)
  .addOption(new Option('--part <name...>', 'only these').choices(names))
  .option('--round <number>', 'only this one, to see again what a run has found', number)
  .parse();
const { seed, duration, part, round } = program.opts<{
  seed: string;
  duration: number;
  part?: string[];
  round?: number;
}>();

const interruption = new AbortController();
process.once('SIGINT', () => {
  interruption.abort();
});
const { counts, losses, crashes } = await torture({
  parts: parts.filter(({ name }) => part?.includes(name) ?? true),
  seed,
  durationMs: duration * 1000,
  round,
  signal: interruption.signal,
  tell: (line) => {
    console.error(line);
  },
});
const did = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
console.log(`seed ${seed}: ${[...did, `${losses} losses`, `${crashes} crashes`].join(', ')}`);
process.exitCode = losses + crashes > 0 ? 1 : 0;
