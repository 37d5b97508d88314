import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../postgres-process.ts';
import type { AppHost } from './start-host.ts';

const giveUpAfterMs = 500_000;

/** The packed app under `func start` of the Azure Functions Core Tools, for those who have them: `npm run test:func`. */
export async function startFunc(func: string, folder: string, settings: Readonly<Record<string, string>>): Promise<AppHost> {
  const port = await freePort();
  writeFileSync(join(folder, 'local.settings.json'), JSON.stringify({ IsEncrypted: false, Values: settings }));
  const child = spawn(func, ['start', '--port', String(port)], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const origin = `http://127.0.0.1:${port}`;
  await listed(child, `:${port}/api/flows`);
  return {
    fetch: (path, init) => fetch(`${origin}${path}`, init),
    async fireTimer(name) {
      const headers = { 'content-type': 'application/json' };
      const fired = await fetch(`${origin}/admin/functions/${name}`, { method: 'POST', headers, body: '{}' });
      if (fired.status !== 202) throw new Error(`${name} could not be fired: ${fired.status} ${await fired.text()}`);
    },
    ended: (id) => ended(origin, id),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.pid === undefined) return;
      const closed = once(child, 'close');
      // It starts a worker: both are in the group.
      process.kill(-child.pid, 'SIGKILL');
      await closed;
    },
  };
}

/** It lists its functions when they can be called. */
function listed(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes(word)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`func ended with ${code}:\n${said}`)));
  });
}

/** There is nothing that tells: it has to be asked. */
async function ended(origin: string, id: string): Promise<{ status: string; output: unknown }> {
  for (const giveUpAt = performance.now() + giveUpAfterMs; performance.now() < giveUpAt; await wait(250)) {
    const answer = await fetch(`${origin}/runtime/webhooks/durabletask/instances/${id}`);
    if (answer.status !== 200) continue;
    const { runtimeStatus: status, output } = (await answer.json()) as { runtimeStatus: string; output: unknown };
    return { status, output };
  }
  throw new Error(`${id} has not ended after ${giveUpAfterMs} ms`);
}
