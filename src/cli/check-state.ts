import type { RealPorts } from '../assembly/ports.ts';
import type { Checked } from '../narrate/finding-lines.ts';
import type { Workspace } from '../workspace/load.ts';
import { guarded } from './check-entity.ts';

const about = 'state';

/** Whether state can be read, row by row, and written. Writing is tried with a staged file that is taken back. */
export async function checkState(
  workspace: Pick<Workspace, 'root'>,
  ports: Pick<RealPorts, 'state' | 'random'>,
): Promise<readonly Checked[]> {
  const readable = await guarded(about, async () => {
    const keys = await ports.state.entities();
    for (const key of keys) await ports.state.read(key);
    return [
      {
        about,
        ok: true,
        what: `Readable in ${ports.state.location}: ${keys.length} ${keys.length === 1 ? 'entity' : 'entities'}`,
        tryThis: [],
      },
    ];
  });
  const writable = await guarded(about, async () => {
    const { localFileSystem } = await import('../filesystems/local.ts');
    const files = localFileSystem(workspace.root);
    const name = `.hygge/probe-${ports.random.nonce()}`;
    const staged = await files.stage({ staged: name, final: `${name}.published` }, probe());
    await files.discard(staged);
    return [{ about, ok: true, what: 'Writable', tryThis: [] }];
  });
  return [...readable, ...writable];
}

async function* probe(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('hygge debug was here\n');
}
