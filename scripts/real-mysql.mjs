/**
 * `npm run real-mysql`: the MySQL server of Debian's unstable suite, unpacked into `.cache/mysql` for the tests. It comes with every library that it needs, down to
 * the loader, and runs by them: no package of the machine is installed, upgraded or asked for. Where it can't be had, the reason is printed and stays in `.cache/mysql-problem.txt`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const cache = join(root, '.cache');
const home = join(cache, 'mysql');
const problemFile = join(cache, 'mysql-problem.txt');
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const wanted = ['mysql-server-core', 'mysql-client-core'];
/** Packages that it depends on for its scripts alone. */
const unused = /^(perl|libperl|libdb5|libgdbm|libc-gconv)/;

function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error) throw new Error(`${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.at(-1) ?? ''}: ${stderr.trim().split('\n').at(-1) ?? status}`);
  return stdout;
}

/** The mirror that the machine's own apt takes Debian's packages from, and what proves them. */
function mirror() {
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const form = '$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)';
  const targets = run('apt-get', ['indextargets', '--format', form, 'Created-By: Packages'])
    .split('\n')
    .map((line) => line.split('\t'));
  const found = targets.find(([release, component]) => release === codename && component === 'main');
  if (found === undefined) throw new Error(`apt has no source of Debian ${codename ?? ''}`);
  return { uri: found[2], signedBy: existsSync(keyring) ? ` [signed-by=${keyring}]` : '' };
}

function fetch() {
  const { uri, signedBy } = mirror();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'mysql-fetched-'));
  try {
    const at = (name) => join(folder, name);
    for (const name of ['lists/partial', 'archives/partial', 'root']) mkdirSync(at(name), { recursive: true });
    writeFileSync(at('status'), '');
    writeFileSync(at('sources.list'), `deb${signedBy} ${uri} unstable main\n`);
    const own = {
      'Dir::State': folder,
      'Dir::State::lists': at('lists'),
      'Dir::State::status': at('status'),
      'Dir::Cache': folder,
      'Dir::Cache::archives': at('archives'),
      'Dir::Etc::SourceList': at('sources.list'),
      'Dir::Etc::SourceParts': '-',
      'Dir::Etc::Preferences': '/dev/null',
      'Dir::Etc::PreferencesParts': '-',
      'APT::Sandbox::User': 'root',
      'Acquire::Retries': '2',
    };
    const options = Object.entries(own).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    run('apt-get', [...options, '-q', 'update']);
    run('apt-get', [...options, '-q', '-y', '--no-install-recommends', '--download-only', 'install', ...wanted]);
    const packages = readdirSync(at('archives')).filter((name) => name.endsWith('.deb'));
    const [server] = packages.filter((name) => name.startsWith('mysql-server-core_'));
    if (server === undefined) throw new Error('mysql-server-core is not in the unstable suite');
    for (const name of packages) if (!unused.test(name)) run('dpkg-deb', ['-x', at(join('archives', name)), at('root')]);
    for (const name of ['doc', 'man', 'locale', 'info']) rmSync(join(at('root'), 'usr/share', name), { recursive: true, force: true });
    const bin = join(at('root'), 'usr/bin');
    for (const name of readdirSync(bin)) if (!['mysql', 'mysqladmin'].includes(name)) rmSync(join(bin, name), { recursive: true });
    writeFileSync(join(at('root'), 'version'), `${decodeURIComponent(server.split('_')[1])}\n`);
    rmSync(home, { recursive: true, force: true });
    renameSync(at('root'), home);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever has it, has it: `--again` brings the newest. */
function main() {
  rmSync(problemFile, { force: true });
  try {
    if (!existsSync(join(home, 'version')) || process.argv.includes('--again')) fetch();
    process.stdout.write(`MySQL ${readFileSync(join(home, 'version'), 'utf8').trim()} of Debian unstable is in .cache/mysql.\n`);
  } catch (error) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(problemFile, `${error.message}\n`);
    process.stdout.write(`No MySQL: the tests against it are skipped. ${error.message}\n`);
  }
}

main();
