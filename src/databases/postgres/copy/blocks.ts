/** Memory for the rows of a COPY: the messages of one frame as the server sent them, and the position of each value. */

/** The approximate size of a frame's messages, in bytes. One row alone may be larger. */
export const blockBytes = 8 * 1024 * 1024;
/** A connection may deliver one more piece after the last row of a frame. */
const slackBytes = 256 * 1024;
const usualBytes = blockBytes + slackBytes;
/** A small table fits into this many bytes. A larger start, for each of many tables, would make V8 collect garbage often. */
const firstBytes = 512 * 1024;
const firstPositions = 16_384;

/**
 * Rows as the server sent them. The length of the value in row `r`, column `c` is at byte `positions[r * columns + c]`, and the value follows it. All values end
 * within `bytes`: the code that fills a block has checked that.
 */
export class Block {
  bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  view: DataView = viewOf(this.bytes);
  positions: Int32Array = new Int32Array(firstPositions);
  rows = 0;
  /** Exactly the messages of the rows. */
  from = 0;
  to = 0;

  clear(): void {
    this.rows = 0;
    this.from = 0;
    this.to = 0;
  }

  /** Makes room for so many bytes in all. @param kept the number of bytes that stay. */
  reserve(bytes: number, kept: number): void {
    if (bytes <= this.bytes.length) return;
    const doubled = this.bytes.length * 2;
    // A table above a quarter of the usual size counts as large.
    const wanted = doubled > usualBytes / 4 ? Math.max(usualBytes, this.bytes.length >= usualBytes ? doubled : 0) : doubled;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, wanted));
    this.bytes.copy(larger, 0, 0, kept);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Makes room for the positions of so many values. */
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

/** Blocks of one reader. A block is reused only after it was returned. */
export class Blocks {
  readonly #free: Block[] = [];

  take(): Block {
    const block = this.#free.pop() ?? new Block();
    block.clear();
    return block;
  }

  /** From here on, nothing reads the block. Called at most once for each `take`. */
  giveBack(block: Block): void {
    if (block.isUsual) this.#free.push(block);
  }
}
