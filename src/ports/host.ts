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

/** The worker process of a function app, as its starts see it. */
export interface AppWorker {
  /** The process of the host that started this worker: its pid and when it started. */
  readonly host: string;
  /** The note that an earlier worker of this app left on this machine; undefined: there is none that can be read. */
  note(): unknown;
  /** Leaves a note for later workers. If the disk rejects it, only the note is lost. */
  leave(note: object): void;
  /** Writes a line to the platform's log of this worker, and ends the worker with exit code 1. `afterMs` 0: before anything else happens. */
  end(line: string, afterMs: number): void;
}
