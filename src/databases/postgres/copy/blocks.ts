/** Memory for the rows of a COPY: the messages of one frame as the server sent them, and the position of each value. */

/** The messages of a frame have about so many bytes. One row alone may have more. */
export const blockBytes = 8 * 1024 * 1024;
/** A piece of a connection goes in behind the last row of a frame. */
const slackBytes = 256 * 1024;
const usualBytes = blockBytes + slackBytes;
/** A small table fits into so many. More at once, for each of many tables, would have V8 collect garbage again and again. */
const firstBytes = 512 * 1024;
const firstPositions = 16_384;

/**
 * Rows as they came. Row `r`, column `c` has the length of its value at byte `positions[r * columns + c]`, and the value behind it. All of them end within `bytes`: who
 * fills a block has checked that.
 */
export class Block {
  bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  view: DataView = viewOf(this.bytes);
  positions: Int32Array = new Int32Array(firstPositions);
  rows = 0;
  /** The messages of the rows, all of them and nothing else. */
  from = 0;
  to = 0;

  clear(): void {
    this.rows = 0;
    this.from = 0;
    this.to = 0;
  }

  /** Room for so many bytes in all. @param kept so many stay. */
  reserve(bytes: number, kept: number): void {
    if (bytes <= this.bytes.length) return;
    const doubled = this.bytes.length * 2;
    // Above a quarter of the usual size the table counts as large.
    const wanted = doubled > usualBytes / 4 ? Math.max(usualBytes, this.bytes.length >= usualBytes ? doubled : 0) : doubled;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, wanted));
    this.bytes.copy(larger, 0, 0, kept);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Room for the positions of so many values. */
  reservePositions(values: number): void {
    if (values <= this.positions.length) return;
    const larger = new Int32Array(Math.max(values, this.positions.length * 2));
    larger.set(this.positions);
    this.positions = larger;
  }

  get isUsual(): boolean {
    return this.bytes.length <= usualBytes;
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Blocks of one reader. A block is used again only after it was given back. */
export class Blocks {
  readonly #free: Block[] = [];

  take(): Block {
    const block = this.#free.pop() ?? new Block();
    block.clear();
    return block;
  }

  /** Nothing reads the block any more. Called once for each `take`, or never. */
  giveBack(block: Block): void {
    if (block.isUsual) this.#free.push(block);
  }
}
