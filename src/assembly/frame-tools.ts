/** The functions on Polars frames that the engine uses. */
import type { FrameTools } from '../engine/contracts/ports.ts';
import { foldedHashes } from '../frames/row-sum/folded-keys.ts';
import { canonicalTexts, rowHashes } from '../frames/row-sum/row-hashes.ts';
import { hashesLookLike, wideHashes } from '../frames/row-sum/wide-hashes.ts';
import { ruleProblem } from '../frames/rules/fit.ts';
import { judged } from '../frames/rules/judge.ts';

export const frameTools: FrameTools = {
  keys: { exact: rowHashes, folded: foldedHashes },
  wide: {
    words: wideHashes,
    looks: hashesLookLike,
    texts: (frame, columns) =>
      canonicalTexts(
        frame,
        columns.flatMap((column) => frame.schema.columns.filter(({ name }) => name === column)),
      ),
  },
  judge: judged,
  ruleProblem,
};
