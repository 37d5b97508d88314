import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { shownEntity } from '../../narrate/text/visible.ts';

/** Throws for `--incremental` if entities have neither a watermark nor files by which new rows are identified. The error names each such entity. */
export async function mustTellNew(entities: readonly EntitySpec[], ports: Pick<EnginePorts, 'home'>): Promise<void> {
  const blind: string[] = [];
  for (const spec of entities.filter(({ watermark }) => watermark === null)) {
    await using home = await ports.home(spec, null);
    if (home.files === undefined) blind.push(shownEntity(spec.flow, spec.entity));
  }
  if (blind.length === 0) return;
  throw new ConfigError({
    code: 'HYG-1903',
    what: `No key or watermark separates new rows from old ones in ${blind.join(', ')}.`,
    why: ['--incremental needs a watermark, or a home of files.'],
    tryThis: ['Add watermark: { column: … } to its flow', 'Choose only the other entities, with -e or -f', 'Load all rows: hygge go -d'],
  });
}
