// Brings a checkout to where `bin/aws-delegation` works: dependencies as in package-lock.json, and a current build.
// npm runs it before `demo`, `test` and `verify`. It runs on whatever Node the machine has, before anything is installed,
// so it is plain JavaScript and imports nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);
const say = (line) => process.stderr.write(`${line}\n`);

// Written last, so that an install or a build that was cut short does not count.
const installedMark = inRoot('node_modules', '.aws-delegation-installed.json');
const builtMark = inRoot('dist', '.aws-delegation-built.json');

class SetupError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function checkNode() {
  const { engines } = readJson(inRoot('package.json'));
  const needed = engines.node.replace(/^\D+/, '');
  const [major, minor = 0] = needed.split('.').map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    throw new SetupError(
      `setup: ${process.execPath} is Node ${process.versions.node}, and this project needs Node ${needed} or newer.\n` +
        'Install a current Node (https://nodejs.org) and run the same command again.',
    );
  }
}

// Before version 10, npm leaves out packages that are for one C library only, and the tests do not start.
const oldestNpm = 10;

function checkNpm() {
  const { error, stdout } = spawnSync('npm', ['--version'], {
    encoding: 'utf8',
    env: environment(),
    shell: process.platform === 'win32',
  });
  if (error === undefined && Number.parseInt(stdout, 10) >= oldestNpm) return;
  const found = error === undefined ? `npm is ${stdout.trim()}` : `npm does not start (${error.message})`;
  throw new SetupError(
    `setup: ${found}, and installing this project needs npm ${oldestNpm} or newer.\n` +
      'Install a current Node, which brings its npm (https://nodejs.org), or npm alone (npm install --global npm@11), and run the same command again.',
  );
}

function run(what, command, args, advice) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 64 * 1024 * 1024,
    // npm is a batch file on Windows, which only a shell starts.
    shell: process.platform === 'win32' && command === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.signal === 'SIGINT')
    throw new SetupError(`setup: ${what} was interrupted; the next run starts it again.`, 130);
  if (result.status === 0) return;
  const cameBack = result.error?.message ?? result.signal ?? `exit code ${result.status}`;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  throw new SetupError(
    `setup: ${what} in ${root} failed (${cameBack}).\n${output === '' ? '' : `\n${output}\n\n`}${advice}`,
  );
}

function environment() {
  // Under `npm run` the first `node` in PATH is the one in node_modules, which `npm ci` deletes under its own feet.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== inRoot('node_modules', '.bin'))
    .join(delimiter);
  return { ...process.env, PATH: path };
}

function sameAsLock(lock) {
  // npm writes this file at the very end of an install; whoever ran npm by hand has it, but not our mark.
  const installed = readJson(inRoot('node_modules', '.package-lock.json'));
  if (installed?.packages === undefined) return false;
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    const found = installed.packages[path];
    if (path === '' || wanted.link) return true;
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function install() {
  const lock = readFileSync(inRoot('package-lock.json'), 'utf8');
  const wanted = {
    lock: createHash('sha256').update(lock).digest('hex'),
    platform: `${process.platform}-${process.arch}`,
  };
  const mark = readJson(installedMark);
  const isFinished = existsSync(inRoot('node_modules', '.package-lock.json'));
  if (isFinished && mark?.lock === wanted.lock && mark.platform === wanted.platform) return;
  if (mark !== undefined || !sameAsLock(lock)) {
    checkNpm();
    say('installing dependencies (once, about a minute) ...');
    run(
      'npm ci',
      'npm',
      ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
      'Check that npm reaches its registry (npm ping) and that package.json and package-lock.json belong together, then run the same command again.',
    );
  }
  writeFileSync(installedMark, JSON.stringify(wanted));
}

function checkInstallScripts() {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  if (existsSync(inRoot('node_modules', 'node', 'bin', executable))) return;
  say(
    'setup: the install script of node did not run (npm was told to ignore scripts, or does not approve this one). ' +
      `The tools run on Node ${process.versions.node} instead of Node 24. Run: npm rebuild node --ignore-scripts=false`,
  );
}

function sources() {
  const found = {};
  const add = (relative) => {
    const { mtimeMs, size } = statSync(inRoot(relative));
    found[relative] = `${mtimeMs} ${size}`;
  };
  for (const top of ['src', 'tables']) {
    for (const entry of readdirSync(inRoot(top), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) add(join(entry.parentPath ?? entry.path, entry.name).slice(root.length + sep.length));
    }
  }
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle_page.js']) add(file);
  return found;
}

function build() {
  // Read before the build: what changes during it is built next time.
  const current = sources();
  const built = readJson(builtMark);
  if (built !== undefined) {
    const isSame = ([path, state]) => built[path] === state;
    if (Object.entries(current).every(isSame) && Object.keys(built).length === Object.keys(current).length) return;
  }
  // Without a mark nobody knows what dist is, and the output of a deleted source would live on.
  if (built === undefined || Object.keys(built).some((path) => current[path] === undefined)) {
    rmSync(inRoot('dist'), { recursive: true, force: true });
  }
  rmSync(builtMark, { force: true });
  run(
    'the build (tsc)',
    process.execPath,
    [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '--project', 'tsconfig.build.json'],
    'Correct the errors above, or go back to a commit that builds, and run the same command again.',
  );
  run(
    'the build (the HTML report)',
    process.execPath,
    [inRoot('scripts', 'bundle_page.js')],
    'Correct the errors above, or go back to a commit that builds, and run the same command again.',
  );
  writeFileSync(builtMark, JSON.stringify(current));
}

try {
  checkNode();
  install();
  checkInstallScripts();
  build();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
