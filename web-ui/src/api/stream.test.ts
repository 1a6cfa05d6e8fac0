import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followStream } from './stream';

class PlayedSource {
  static readonly CLOSED = 2;
  static all: PlayedSource[] = [];
  readyState = 0;
  onopen?: () => void;
  private heard = new Map<string, (message: { data: string }) => void>();
  onerror?: () => void;

  constructor(readonly address: string) {
    PlayedSource.all.push(this);
  }

  addEventListener(name: string, listener: (message: { data: string }) => void): void {
    this.heard.set(name, listener);
  }

  says(name: string, data: string): void {
    this.heard.get(name)?.({ data });
  }

  close(): void {
    this.readyState = 2;
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

describe('followStream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    PlayedSource.all = [];
    vi.stubGlobal('EventSource', PlayedSource);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is opened anew after a refusal, from where it is by then', () => {
    let cursor = 1;
    const heard: string[] = [];
    followStream(() => `/events?cursor=${cursor}`, { message: (data) => heard.push(data) });
    cursor = 2;
    PlayedSource.all[0]!.fail(2);
    expect(PlayedSource.all).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    expect(PlayedSource.all[1]!.address).toBe('/events?cursor=2');
    PlayedSource.all[1]!.says('message', 'x');
    expect(heard).toEqual(['x']);
  });

  it('hears the event of the name it was told', () => {
    const heard: string[] = [];
    followStream(() => '/stats', { event: 'stats', message: (data) => heard.push(data) });
    PlayedSource.all[0]!.says('stats', '1');
    PlayedSource.all[0]!.says('message', '2');
    expect(heard).toEqual(['1']);
  });

  it('leaves a lost connection to the browser', () => {
    let lost = 0;
    followStream(() => '/events', { lost: () => (lost += 1) });
    PlayedSource.all[0]!.fail(0);
    vi.advanceTimersByTime(60_000);
    expect(lost).toBe(1);
    expect(PlayedSource.all).toHaveLength(1);
  });

  it('stays closed once it was stopped, also by whoever hears of the loss', () => {
    const stop = followStream(() => '/events', { lost: () => stop() });
    PlayedSource.all[0]!.fail(2);
    vi.advanceTimersByTime(60_000);
    expect(PlayedSource.all).toHaveLength(1);
  });
});
