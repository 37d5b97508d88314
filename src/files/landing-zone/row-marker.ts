/** Marks deleted rows in a file of a landing zone: https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format. */

import type { FrameToStage } from '../../engine/contracts/store.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';

/** The name of the marker column. It is the last column of a file whose rows are not all upserts. */
export const markerName = '__rowMarker__';

const marker: Column = { name: markerName, type: { kind: 'int32' }, nullable: false };
const deletes = '2';

/** Passes frames on. Frames of deleted rows get the marker as their last column; Fabric reads only the key of such rows. */
export async function* withMarkers(frames: AsyncIterable<FrameToStage>): AsyncGenerator<FrameToStage> {
  for await (const staged of frames) {
    if (staged.role !== 'deleted') {
      yield staged;
      continue;
    }
    const { columns } = staged.frame.schema;
    const schema: Schema = { columns: [...columns, marker] };
    const own = columns.map((column) => asColumn(column));
    const last = asConstant(marker, deletes);
    yield { ...staged, frame: await staged.frame.conform({ schema, columns: [...own, last], samples: 'mask' }) };
  }
}
