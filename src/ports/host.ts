/** The process that holds a lease. On the same machine this is enough to know whether that process can still be alive. */
export interface LeaseHolder {
  /** The host's name for people. */
  readonly host: string;
  /** The Linux boot id, which changes at every boot; '' where the platform has none. */
  readonly boot: string;
  readonly pid: number;
  /** The start time of the process in the platform's own ticks, which makes a reused pid another process. */
  readonly started: string;
  /** The program's name for people: `hygge go`, or the name of the function app. */
  readonly program: string;
}

/** The process that hygge runs in, and what it can know about other processes. */
export interface Host {
  readonly self: LeaseHolder;
  /** Answers `dead` only with proof: the same host, and another boot, no such pid, or a pid that started at another time. */
  fate(holder: LeaseHolder): Promise<'alive' | 'dead' | 'unknown'>;
  /** Milliseconds that a run of this process may be silent before another run may take its entity. Absent: the engine's default. */
  readonly leaseMs?: number;
  /** How many processors hygge may use at once. */
  readonly processors: number;
}
