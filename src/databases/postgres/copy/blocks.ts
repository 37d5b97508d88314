/** The memory for the rows of a COPY: the messages of one frame as the server sent them, and the position of each value. */

/** The approximate size of a frame’s messages, in bytes. One row alone may be larger. */
export const blockBytes = 8 * 1024 * 1024;
/** A connection may deliver one more piece after the last row of a frame. */
const slackBytes = 256 * 1024;
const usualBytes = blockBytes + slackBytes;
/** The first size of a block in bytes, enough for a small table. A larger first size would make V8 collect garbage often if many small tables are read. */
const firstBytes = 512 * 1024;
const firstPositions = 16_384;

/**
 * Rows as the server sent them. The length of the value in row `r`, column `c` is at byte `positions[r * columns + c]`, and the value follows the length. The
 * code that fills a block has checked that all values end within `bytes`.
 */
export class Block {
  bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  view: DataView = viewOf(this.bytes);
  positions: Int32Array = new Int32Array(firstPositions);
  rows = 0;
  /** The messages of the rows are the bytes from `from` to `to`. */
  from = 0;
  to = 0;

  clear(): void {
    this.rows = 0;
    this.from = 0;
    this.to = 0;
  }

  /** Makes room for so many bytes in total. @param kept the number of existing bytes that are kept. */
  reserve(bytes: number, kept: number): void {
    if (bytes <= this.bytes.length) return;
    const doubled = this.bytes.length * 2;
    // A block above a quarter of the usual size is for a large table, so it gets the usual size at once.
    const wanted = doubled > usualBytes / 4 ? Math.max(usualBytes, this.bytes.length >= usualBytes ? doubled : 0) : doubled;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, wanted));
    this.bytes.copy(larger, 0, 0, kept);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Makes room for the positions of so many values in total. */
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

/** The blocks of one reader. A block is reused only after the reader has returned it. */
export class Blocks {
  readonly #free: Block[] = [];

  take(): Block {
    const block = this.#free.pop() ?? new Block();
    block.clear();
    return block;
  }

  /** Returns a block that nothing reads any more. Called at most once for each `take`. */
  giveBack(block: Block): void {
    if (block.isUsual) this.#free.push(block);
  }
}
