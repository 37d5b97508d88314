/** So many requests at once go to one account from this process, whatever the number of entities: more only earns 503 and 429. */
const atOnce = 48;

/** Lets so many pass at once; the others wait in line. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async through<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((pass) => this.#waiting.push(pass));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

const gates = new Map<string, Gate>();

/** The one gate of an account in this process. @param account as its address has it: `https://acct.dfs.core.windows.net`. */
export function gateOf(account: string): Gate {
  const known = gates.get(account) ?? new Gate(atOnce);
  gates.set(account, known);
  return known;
}
