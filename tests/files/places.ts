import { jsonLines } from '../support/sim/jsonl-format.ts';
import { type Row, SimFrame } from '../support/sim/rows.ts';
import type { EntityRun, Intent, Part, Role } from '../../src/engine/contracts.ts';
import type { FilePlace } from '../../src/files/layout.ts';
import { fileStore } from '../../src/files/store.ts';
import type { Schema } from '../../src/frames/schema.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import type { Json } from '../../src/ports/values.ts';

export const place: FilePlace = { type: 'test', root: 'lake', folder: 'f', flow: 'f', entity: 'f', layout: 'plain', extension: jsonLines.extension };
