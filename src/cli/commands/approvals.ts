import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { relative } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { ApprovalsContent } from '../../plugin/approvals.js';
import { textOf } from '../../plugin/intents.js';
import { SpecError } from '../../plugin/spec_error.js';
import { date } from '../../plugin/values.js';
import { connect, disconnect } from '../../postgres/index.js';
import { installViews, loadHeld, loadSources, type HeldDelegations } from '../../rules/index.js';
import { Approving } from '../approval_entries.js';
import { principalsBeside, textOfChange, type PrincipalEntry, type Principals } from '../approval_principals.js';
import { ApprovalsFile, listOf, type Signature } from '../approvals_file.js';
import { openDatabase, withDatabase } from '../database.js';
import { UsageError } from '../errors.js';
import { exitCode } from '../exit_code.js';
import { queriesDirectory } from '../package.js';
import { choiceOf, withSource } from '../plugin_source.js';
import { chooseSpec, type ChosenSpec } from '../spec_intents.js';
import { print, tell } from '../terminal.js';

interface Options {
  database?: string;
  output?: string;
  by?: string;
  reviewBy?: string;
  keep?: boolean;
  partial?: boolean;
  install: boolean;
}

const stdout = '-';

export function addApprovals(program: Command): void {
  program
    .command('approvals')
    .description('the delegations that people have approved, and who may change them')
    .command('write')
    .description('write the approvals file from what is there now, beside what is approved in it already')
    .argument('[spec]', 'the spec that names source and approvals file; default: spec.yml where there is one')
    .option('-o, --output <file>', 'instead of the approvals file of the spec; - for stdout')
    .option('--by <name>', 'who approves the new entries (default: user.name of git, or the user of this machine)')
    .option('--review-by <date>', 'by when somebody has to look at the new entries again, such as 2027-01-31', day)
    .option('--keep', 'leave entries in the file that approve nothing that is there')
    .option('--partial', 'write it although something was not read')
    .option('--database <url>', 'instead of the destination of the spec')
    .option('--no-install', 'do not install the views: for a user who may only read')
    .addHelpText(
      'after',
      '\nExit codes: 0 written, or nothing to change, 2 who holds what was not read whole and nothing was written, 3 wrong arguments or files,' +
        '\n4 the run failed.',
    )
    .action(async (given: string | undefined, options: Options) => {
      const chosen = chooseSpec(given);
      const target = await targetOf(chosen, options);
      const destination = chosen?.file.destination?.connectionString;
      const there = await withDatabase(openDatabase({ flag: options.database, destination }, tell), ({ url }) =>
        readHeld(url, chosen, options),
      );
      const unread = [...new Set(there.open.filter(({ cause }) => cause === 'unread').map(({ error }) => error))];
      if (unread.length > 0 && options.partial !== true) {
        tell(
          `Who holds what was not read whole, so that a file of it would leave out what is there. Nothing was written.\n${shortened(unread)}\n` +
            'Sync again, or give --partial: what was not read then stays without approval.',
        );
        process.exitCode = exitCode.incomplete;
        return;
      }
      writeApprovals(target, there, options);
    });
}

interface Target {
  /** `-` for stdout. */
  path: string;
  file: ApprovalsFile;
  isSpecs: boolean;
}

/** Where it goes, and what is there: in the file itself, or else in the spec's. */
async function targetOf(chosen: ChosenSpec | undefined, { output }: Options): Promise<Target> {
  const choice = chosen && choiceOf(chosen.file.source);
  const named = choice && (await withSource(choice, (source) => source.approvals(choice.spec)));
  const specs = typeof named === 'string' ? relative(process.cwd(), named) : undefined;
  const path = output ?? specs;
  if (path === undefined) {
    throw new UsageError(
      chosen === undefined
        ? 'There is no spec that names an approvals file. Name the spec, or the file to write (-o FILE).'
        : `${chosen.file.path} ${named === undefined ? 'names no approvals file' : 'has its approvals in itself, where nothing is written'}. Add \`approvals: approvals.yml\` to its inner spec, or give -o FILE.`,
    );
  }
  const isSpecs = path === specs || (path !== stdout && named !== undefined && relative(process.cwd(), path) === specs);
  const base = [path, specs].find((each) => each !== undefined && each !== stdout && existsSync(each));
  if (base !== undefined) return { path, file: ApprovalsFile.parse(base, readText(base)), isSpecs };
  const inline = typeof named === 'string' ? undefined : named;
  return { path, file: ApprovalsFile.from(inline ?? ({ delegations: [] } satisfies ApprovalsContent)), isSpecs };
}

async function readHeld(url: string, chosen: ChosenSpec | undefined, { install }: Options): Promise<HeldDelegations> {
  const client = await connect(url);
  try {
    if (install) await installViews(client, queriesDirectory);
    const sources = await loadSources(client);
    const all = sources.length === 0 ? 'nothing' : sources.map((source) => `"${source}"`).join(', ');
    const name = chosen?.file.source.name ?? (sources.length === 1 ? sources[0] : undefined);
    if (name === undefined) {
      throw new UsageError(`This database has ${all}. Name the spec whose organization is meant, or sync first.`);
    }
    if (!sources.includes(name)) {
      throw new UsageError(
        `${chosen?.file.path ?? ''}: its source "${name}" was never synced into this database, which has ${all}. Sync it first.`,
      );
    }
    return await loadHeld(client, name);
  } finally {
    await disconnect(client);
  }
}

function writeApprovals({ path, file, isSpecs }: Target, there: HeldDelegations, options: Options): void {
  const approving = new Approving(there);
  const idle = file.entries.filter((entry) => !approving.isThere(entry));
  const open = idle.filter((entry) => approving.isOpen(entry));
  const gone = idle.filter((entry) => !open.includes(entry));
  const dropped = options.keep === true ? [] : gone;
  const { entries, unapprovable } = approving.entriesBeside(file.entries);
  const signature = signatureOf(options);
  const refused = file.change(new Set(dropped), entries, signature);
  const principals = principalsBeside(file.principals, there.changes);
  const unfit = file.addPrincipals(principals.entries, signature);
  const text = file.text();
  if (path === stdout) print(text);
  else if (!existsSync(path) || readText(path) !== text) replaceFile(path, text);

  const count = (number: number, what: string): string => `${number} ${what}`;
  const kept = file.entries.length - dropped.length;
  tell(
    `${path === stdout ? 'approvals' : path}: ${count(entries.length - refused.length, 'new')}, ${count(kept, 'kept')}, ${count(gone.length, 'gone')}`,
  );
  if (gone.length > 0) {
    tell(
      `Approved, and not there${options.keep === true ? '; kept' : ', so taken out (--keep leaves them)'}:\n${listOf(gone)}`,
    );
  }
  if (open.length > 0) tell(`Kept, though it was not read whether they are there:\n${listOf(open)}`);
  const left = [
    ...refused,
    ...unapprovable.map(({ serviceId, accountId, grantedPrincipal, method, region }) => ({
      service: serviceId,
      account: grantedPrincipal ?? accountId,
      method,
      region: region ?? undefined,
    })),
  ];
  if (left.length > 0) {
    tell(
      `There, and no entry can approve them (a principal that no longer exists, or a Region that this version does not know):\n${listOf(left)}`,
    );
  }
  tellOfPrincipals(principals, unfit, file.principals.length);
  if (path !== stdout && !isSpecs) tell(`\`approvals: ${path}\` in the inner spec makes \`check\` go by it.`);
}

function tellOfPrincipals(
  { entries, refused, unapprovable }: Principals,
  unfit: readonly PrincipalEntry[],
  kept: number,
): void {
  const list = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');
  const left = entries.filter((entry) => !unfit.includes(entry));
  if (left.length > 0) {
    const told = left.map(({ principal, actions = [] }) => textOfChange({ principal, action: actions.join(', ') }));
    tell(
      `principals: ${left.length} new, ${kept} kept. They made changes in the days that the newest sync looked back on, and may make them again once this is kept:\n${list(told)}`,
    );
  }
  if (refused.length > 0) {
    tell(
      `Tried, and refused by AWS; without an entry, because whether it was right is for a person to say:\n${list(refused.map(textOfChange))}`,
    );
  }
  const unnamed = [
    ...unapprovable.map(textOfChange),
    ...unfit.map(({ principal, actions = [] }) => textOfChange({ principal, action: actions.join(', ') })),
  ];
  if (unnamed.length > 0) tell(`Done, and no entry can approve by whom:\n${list(unnamed)}`);
}

function signatureOf({ by, reviewBy }: Options): Signature {
  const approved_on = new Date().toISOString().slice(0, 10);
  if (reviewBy !== undefined && reviewBy < approved_on) {
    throw new UsageError(`--review-by ${reviewBy}: that day has passed (today is ${approved_on}, in UTC).`);
  }
  if (by?.trim() === '') throw new UsageError('--by: expected a name, found nothing.');
  return { approved_by: by ?? whoIsThere(), approved_on, ...(reviewBy !== undefined && { review_by: reviewBy }) };
}

function whoIsThere(): string {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (name.trim() !== '') return name.trim();
  } catch {
    // No git, or nobody told it.
  }
  return userInfo().username;
}

function day(text: string): string {
  const result = date.safeParse(text);
  if (!result.success) throw new InvalidArgumentError(`${result.error.issues[0]?.message ?? 'no date'}.`);
  return text.slice(0, 10);
}

function shortened(lines: readonly string[]): string {
  const [shown, more] = [lines.slice(0, 5), lines.length - 5];
  return [...shown.map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more like it`] : [])].join('\n');
}

function readText(path: string): string {
  try {
    return textOf(path, readFileSync(path));
  } catch (error) {
    if (error instanceof SpecError) throw new UsageError(error.message, { cause: error });
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      cause: error,
    });
  }
}

/** As a whole or not at all: the file holds what people have signed. */
function replaceFile(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx', ...(existsSync(target) && { mode: statSync(target).mode }) });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Give a file that can be (-o FILE).`,
      { cause: error },
    );
  }
}
