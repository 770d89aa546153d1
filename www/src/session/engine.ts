// Runs reviews in the worker. A newer review cancels an older one: its result is dropped by its run number, and a run
// that does not end soon is stopped by ending its worker; the next worker gets the same compiled module.
import { countingLines, type LineIndex } from '../source/lines';
import { compileModule, newWorker } from './assets';
import type { Assumed, FromWorker, Question, Questions, Result, ToWorker, Wanted } from './protocol';
import type { Example, Tool } from './types';

/** How long a superseded run may go on before its worker is ended, in milliseconds. */
const PATIENCE = 250;
/** Reading a file is about this much of the whole, the rest is judging. */
const READING = 0.4;

export type Job = { run: number; name: string; body: string | Blob; assumed: Assumed; wanted: Wanted };

export type Listener = {
  ready(examples: Example[], tool: Tool): void;
  progress(run: number, part: number): void;
  done(run: number, result: Result, lines: LineIndex | null): void;
  failed(run: number | null, message: string): void;
  requests(made: number, blocked: number): void;
};

type Pending = { resolve(value: unknown): void; reject(reason: Error): void };

export class Engine {
  private module: WebAssembly.Module | undefined;
  private worker: Worker | undefined;
  private ready = false;
  private current: { job: Job; since: number; lines: LineIndex | null } | undefined;
  private waiting: Job | undefined;
  private impatience = 0;
  private asked = new Map<number, Pending>();
  private questions = 0;
  private ledgers = new Map<Worker, [number, number]>();

  constructor(private readonly on: Listener) {}

  async start(): Promise<void> {
    try {
      this.module = await compileModule();
      this.spawn();
    } catch (error) {
      this.on.failed(null, `this browser can't run the analysis (${String(error)}): use a current browser that allows WebAssembly`);
    }
  }

  /** Asks for a review; whatever was under way or waiting no longer matters. */
  review(job: Job): void {
    this.waiting = job;
    this.pump();
  }

  /** Stops what is under way. The results of earlier reviews go with the worker that held them. */
  cancel(): void {
    this.waiting = undefined;
    if (this.current) this.restart();
  }

  /** Puts a question to the session of the last finished review. */
  ask<Q extends Question>(question: Q, ...args: Parameters<Questions[Q]>): Promise<ReturnType<Questions[Q]>> {
    const id = ++this.questions;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve: value => resolve(value as ReturnType<Questions[Q]>), reject });
      this.send({ kind: 'ask', id, question, args });
    });
  }

  private spawn(): void {
    const worker = newWorker();
    this.worker = worker;
    this.ready = false;
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.hear(worker, event.data);
    worker.onerror = event => this.fail(null, event.message);
    if (this.module) this.send({ kind: 'init', module: this.module });
  }

  private restart(): void {
    clearTimeout(this.impatience);
    this.impatience = 0;
    this.worker?.terminate();
    this.current = undefined;
    for (const { reject } of this.asked.values()) reject(new Error('the analysis was stopped'));
    this.asked.clear();
    this.spawn();
  }

  private send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private pump(): void {
    if (!this.ready || !this.waiting) return;
    if (this.current) {
      const left = PATIENCE - (performance.now() - this.current.since);
      this.impatience ||= window.setTimeout(() => this.restart(), Math.max(0, left));
      return;
    }
    const job = this.waiting;
    this.waiting = undefined;
    this.current = { job, since: performance.now(), lines: null };
    const { run, name, body, assumed, wanted } = job;
    if (typeof body === 'string') this.send({ kind: 'text', run, name, text: body, assumed, wanted });
    else void this.stream(job, body);
  }

  /** Files are read here and their chunks handed over: not every browser lets a worker made from a blob read files. */
  private async stream(job: Job, blob: Blob): Promise<void> {
    const still = () => this.current?.job === job;
    const lines = countingLines();
    this.send({ kind: 'begin', name: job.name, size: blob.size, assumed: job.assumed });
    let read = 0;
    try {
      for (let reader = blob.stream().getReader(); ; ) {
        const { done, value } = await reader.read();
        if (!still()) return void reader.cancel();
        if (done) break;
        read += value.length;
        lines.add(value);
        this.send({ kind: 'chunk', bytes: value }, [value.buffer]);
        this.on.progress(job.run, (READING * read) / blob.size);
      }
    } catch (error) {
      if (!still()) return;
      this.current = undefined;
      this.on.failed(job.run, `${job.name} could not be read (${String(error)}): open it again`);
      return this.pump();
    }
    if (this.current) this.current.lines = lines.index();
    this.send({ kind: 'end', run: job.run, wanted: job.wanted });
  }

  private hear(worker: Worker, message: FromWorker): void {
    if (message.kind === 'requests') {
      this.ledgers.set(worker, [message.made, message.blocked]);
      const sum = (n: 0 | 1) => [...this.ledgers.values()].reduce((total, counts) => total + counts[n], 0);
      return this.on.requests(sum(0), sum(1));
    }
    if (worker !== this.worker) return;
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        this.on.ready(message.examples, message.tool);
        if (!this.waiting) this.send({ kind: 'warm' });
        this.pump();
        break;
      case 'progress':
        if (this.current?.job.run === message.run) {
          const before = typeof this.current.job.body === 'string' ? 0 : READING;
          this.on.progress(message.run, before + (1 - before) * message.part);
        }
        break;
      case 'done': {
        const ended = this.current;
        this.current = undefined;
        clearTimeout(this.impatience);
        this.impatience = 0;
        if (ended && !this.waiting) this.on.done(message.run, message.result, ended.lines);
        this.pump();
        break;
      }
      case 'answer':
        this.asked.get(message.id)?.resolve(message.value);
        this.asked.delete(message.id);
        break;
      case 'failed':
        this.fail(message.run, message.message);
        break;
    }
  }

  private fail(run: number | null, message: string): void {
    // A worker that never came up would not come up the second time either.
    if (!this.ready) return this.on.failed(null, `the analysis could not start (${message}): reload the page, or use a current browser`);
    this.restart();
    this.on.failed(run, `the analysis stopped at an error of its own (${message}): what you pasted is still here, change it or reload`);
    this.pump();
  }
}
