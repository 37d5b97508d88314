import type { RealPorts } from '../../assembly/ports.ts';
import type { Checked } from '../../narrate/finding-lines.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { guarded } from './check-entity.ts';

const about = 'state';

/** Whether state can be read, row by row, and written. Writing is tried with something that is taken back. */
export async function checkState(ports: Pick<RealPorts, 'state' | 'random'>): Promise<readonly Checked[]> {
  const readable = await guarded(about, async () => {
    const keys = await ports.state.entities();
    await mapConcurrent(keys, (key) => ports.state.read(key));
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
    await ports.state.probe?.(ports.random.nonce());
    return [{ about, ok: true, what: 'Writable', tryThis: [] }];
  });
  return [...readable, ...writable];
}
