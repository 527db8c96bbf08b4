// In the place of a program that a test cannot have: looks at what it is told, and ends with 1 where a file, a parameter or a
// script that is named is not there. `stand_in.js ROOT PROGRAM ARGUMENT...`
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [root, program, ...args] = process.argv.slice(2);
const faults = [];
const need = (isThere, text) => {
  if (!isThere) faults.push(text);
};
const valueAfter = (name) => args[args.indexOf(name) + 1];

const looks = {
  /** Templates are there, and have the parameters that are set. */
  aws() {
    const files = args.map((arg) => arg.replace('file://', '')).filter((arg) => /\.(ya?ml|json)$/.test(arg));
    for (const file of files) need(existsSync(file), `there is no ${file}`);
    const names = args.flatMap((arg) => {
      const [, listed] = /^ParameterKey=(\w+),/.exec(arg) ?? [];
      const [, set] = args.includes('--parameter-overrides') ? (/^([A-Z]\w+)=/.exec(arg) ?? []) : [];
      return [listed, set].filter((name) => name !== undefined);
    });
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    for (const name of names) need(text.includes(`\n  ${name}:\n`), `no template has the parameter ${name}`);
  },
  /** Some file of docs/roles declares each variable. */
  terraform() {
    const text = readdirSync(join(root, 'docs', 'roles'))
      .filter((name) => name.endsWith('.tf'))
      .map((name) => readFileSync(join(root, 'docs', 'roles', name), 'utf8'))
      .join('\n');
    for (const [index, arg] of args.entries()) {
      if (args[index - 1] !== '-var') continue;
      const [name] = arg.split('=');
      need(text.includes(`variable "${name}"`), `no variable ${name} in docs/roles`);
    }
  },
  /** Files that it is to read are there. */
  docker() {
    for (const [index, arg] of args.entries()) {
      if (args[index - 1] !== '-f' && args[index - 1] !== '--file') continue;
      need(existsSync(join(root, arg)) || existsSync(arg), `there is no ${arg}`);
    }
    if (args[0] === 'build') need(existsSync('Dockerfile'), 'there is no Dockerfile');
    if (args[0] === 'compose') need(existsSync('compose.yml'), 'there is no compose.yml');
  },
  /** package.json has the script. */
  npm() {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const script = args[0] === 'run' ? args.find((arg, index) => index > 0 && !arg.startsWith('-')) : undefined;
    if (script !== undefined) need(scripts[script] !== undefined, `package.json has no script ${script}`);
  },
  /** Files of the project that are named are there. */
  npx() {
    for (const arg of args.filter((each) => each.includes('/')))
      need(existsSync(join(root, arg)), `there is no ${arg}`);
  },
  cloudquery() {
    need(existsSync(valueAfter('sync')), `there is no ${valueAfter('sync')}`);
  },
  gh() {
    need(args.length > 0, 'no command');
  },
};

looks[program]();
for (const fault of faults) console.error(`${program}: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
