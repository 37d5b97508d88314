/** The initial number of slots of a table. */
const firstSlots = 16;
/** A table grows if it uses more than this share of its slots. With a larger share, a table needs less memory, but more steps for each key. */
const mostFull = 0.8;
const growth = 1.3;

/**
 * A hash table with open addressing that stores a number for each key hash. A hash is two or four words of 32 bits, passed as signed
 * integers. An object for each hash would cost more time than all other work.
 */
export class KeyTable {
  /** The number of different hashes in the table. */
  size = 0;
  readonly #isWide: boolean;
  readonly #width: number;
  #slots = firstSlots;
  /** For each slot, the words of the hash and then its number. The last word of an empty slot is 0. */
  #words: Int32Array;

  /**
   * @param hash the number of words of a hash. `number`: with `in the hash`, the second word of each hash is also its number, so the number
   * needs no memory of its own.
   */
  constructor({ hash, number = 'beside' }: { readonly hash: 2 | 4; readonly number?: 'beside' | 'in the hash' }) {
    this.#isWide = hash === 4;
    this.#width = number === 'beside' ? hash + 1 : hash;
    this.#words = new Int32Array(this.#width * firstSlots);
  }

  /** Removes all hashes, but keeps the memory for later hashes. */
  clear(): void {
    this.#words.fill(0);
    this.size = 0;
  }

  /** The number of a hash. 0: the table lacks the hash. */
  get(low: number, high: number, third = 0, fourth = 0): number {
    return this.#words[this.#find(low, high, third, fourth) + this.#width - 1] as number;
  }

  /** Sets the number of a hash. The number must not be 0. @returns the previous number of the hash; 0: the hash is new. */
  put(number: number, low: number, high: number, third = 0, fourth = 0): number {
    const at = this.#find(low, high, third, fourth);
    const before = this.#words[at + this.#width - 1] as number;
    this.#words[at + this.#width - 1] = number;
    if (before === 0) this.#fill(at, low, high, third, fourth);
    return before;
  }

  /** Adds one to the number of a hash. @returns how often the hash was counted before. */
  count(low: number, high: number, third = 0, fourth = 0): number {
    const at = this.#find(low, high, third, fourth);
    const before = this.#words[at + this.#width - 1] as number;
    this.#words[at + this.#width - 1] = before + 1;
    if (before === 0) this.#fill(at, low, high, third, fourth);
    return before;
  }

  /** Visits each hash of a table whose hashes have two words. */
  each(visit: (low: number, high: number) => void): void {
    const [words, width] = [this.#words, this.#width];
    for (let at = 0; at < words.length; at += width) if (words[at + width - 1] !== 0) visit(words[at] as number, words[at + 1] as number);
  }

  /** The position in `#words` of the slot that has the hash, or else of the empty slot for the hash. Some slots are always empty. */
  #find(low: number, high: number, third: number, fourth: number): number {
    const [words, width] = [this.#words, this.#width];
    const mixed = Math.imul(low ^ high, 0x9e3779b1) >>> 0;
    let at = width * Math.floor((mixed / 2 ** 32) * this.#slots);
    while (words[at + width - 1] !== 0) {
      if (words[at] === low && words[at + 1] === high && (!this.#isWide || (words[at + 2] === third && words[at + 3] === fourth))) break;
      at += width;
      if (at === words.length) at = 0;
    }
    return at;
  }

  #fill(at: number, low: number, high: number, third: number, fourth: number): void {
    this.#words[at] = low;
    this.#words[at + 1] = high;
    if (this.#isWide) {
      this.#words[at + 2] = third;
      this.#words[at + 3] = fourth;
    }
    if (++this.size > mostFull * this.#slots) this.#grow();
  }

  #grow(): void {
    const [words, width] = [this.#words, this.#width];
    this.#slots = Math.ceil(growth * this.#slots);
    this.#words = new Int32Array(width * this.#slots);
    for (let at = 0; at < words.length; at += width) {
      if (words[at + width - 1] === 0) continue;
      const [third, fourth] = this.#isWide ? [words[at + 2] as number, words[at + 3] as number] : [0, 0];
      const to = this.#find(words[at] as number, words[at + 1] as number, third, fourth);
      for (let word = 0; word < width; word++) this.#words[to + word] = words[at + word] as number;
    }
  }
}
