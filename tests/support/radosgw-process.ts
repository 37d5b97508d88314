import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hiddenProgram } from './optional-programs.ts';
import { freePort } from './postgres-process.ts';
import { serverFolder } from './server-folder.ts';

/** What a running gateway is reached by. */
export interface RadosgwAddress {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The configuration that its own tools are started with. */
  readonly conf: string;
}

export type RadosgwProcess = RadosgwAddress & AsyncDisposable;

const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'monmaptool', 'ceph-authtool', 'ceph', 'setpriv'];
const startsWithinMs = 300_000;
const mostAttempts = 3;
const run = promisify(execFile);

/** Why there is no radosgw to test with, and what to do; '' when there is one. */
export function radosgwProblem(): string {
  const hidden = hiddenProgram('radosgw');
  if (hidden !== '') return hidden;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = programs.filter((program) => !folders.some((folder) => isProgram(join(folder, program))));
  return missing.length === 0 ? '' : `without ${missing.join(', ')}: apt-get install radosgw ceph-mon ceph-osd`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Debian's Ceph with its gateway for S3: one monitor, one store in memory, all on loopback, in a folder of its own; resolves when it answers,
 * after about 6 s. Disposing kills it, and so does the end of this process.
 */
export async function startRadosgw(): Promise<RadosgwProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startedOnce();
    } catch (error) {
      // Another process may have taken the free port before the gateway listens there.
      if (attempt === mostAttempts || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function startedOnce(): Promise<RadosgwProcess> {
  const folder = await serverFolder('radosgw');
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.toReversed().map(ended));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await started(folder, children)), [Symbol.asyncDispose]: stop };
  } catch (error) {
    const said = children.map((child) => (child as Talking).said?.()).join('\n');
    await stop();
    throw new Error(`radosgw did not start: ${String(error)}\n${said}`);
  }
}

interface Talking extends ChildProcess {
  said?: () => string;
}

async function started(folder: string, children: ChildProcess[]): Promise<RadosgwAddress> {
  const [monitor, gateway] = await Promise.all([freePort(), freePort()]);
  const [fsid, osd] = [randomUUID(), randomUUID()];
  const keys = { accessKeyId: 'HYGGETEST', secretAccessKey: randomBytes(20).toString('hex') };
  const conf = join(folder, 'ceph.conf');
  await writeFile(conf, configuration({ folder, fsid, monitor, gateway }));
  await mkdir(join(folder, 'osd'));
  const env = { ...process.env, CEPH_CONF: conf };
  const does = (program: string, ...args: readonly string[]) => run(program, args, { env, cwd: folder, timeout: startsWithinMs });
  const goesOn = (program: string, ...args: readonly string[]): void => {
    children.push(talking(spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args, '-f'], { env, cwd: folder })));
  };
  const keyring = join(folder, 'keyring');
  await writeFile(keyring, '');
  for (const name of ['mon.', 'client.admin', 'client.rgw', 'osd.0'])
    await does('ceph-authtool', keyring, '--gen-key', '-n', name, '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *');
  const map = join(folder, 'monmap');
  await does('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monitor}/0]`, map);
  await does('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring);
  goesOn('ceph-mon', '-i', 'a');
  await does('ceph', '-n', 'client.admin', 'osd', 'new', osd);
  await does('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
  goesOn('ceph-osd', '-i', '0');
  goesOn('radosgw', '-n', 'client.rgw');
  const user = ['--uid', 'hygge', '--display-name', 'hygge', '--access-key', keys.accessKeyId, '--secret-key', keys.secretAccessKey];
  await does('radosgw-admin', '-n', 'client.rgw', 'user', 'create', ...user);
  const endpoint = `http://127.0.0.1:${gateway}`;
  await answering(endpoint, children);
  return { endpoint, ...keys, conf };
}

interface Places {
  readonly folder: string;
  readonly fsid: string;
  readonly monitor: number;
  readonly gateway: number;
}

function configuration({ folder, fsid, monitor, gateway }: Places): string {
  return `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitor}/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = 20000
ms bind port max = 32000
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = true
keyring = ${folder}/keyring
run dir = ${folder}
admin socket =
log file = /dev/null
mon cluster log file = /dev/null
log to stderr = true
debug rocksdb = 0
mon data = ${folder}/mon
mon data avail crit = 0
mon data avail warn = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
paxos propose interval = 0.02
paxos min wait = 0.01
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 12884901888
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd op num shards = 2
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway} tcp_nodelay=1
rgw thread pool size = 64
rgw sts key = hygge-test-roles
rgw s3 auth use sts = true
debug rgw = 0
`;
}

function talking(child: Talking): ChildProcess {
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.on('error', (error) => hear(Buffer.from(String(error))));
  child.said = () => said;
  return child;
}

async function answering(endpoint: string, children: readonly ChildProcess[]): Promise<void> {
  const giveUpAt = performance.now() + startsWithinMs;
  for (;;) {
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    if (children.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)) throw new Error('a part of it has ended');
    if (performance.now() > giveUpAt) throw new Error(`${endpoint} does not answer`);
    await wait(50);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
