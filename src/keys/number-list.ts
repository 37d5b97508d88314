/** A list of whole numbers from 0 to 2^32 - 1, with four bytes for each number. */
export class NumberList {
  #numbers = new Uint32Array(256);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(number: number): void {
    if (this.#size === this.#numbers.length) {
      const more = new Uint32Array(Math.ceil(this.#numbers.length * 1.5));
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[this.#size++] = number;
  }

  at(place: number): number {
    return this.#numbers[place] as number;
  }
}
