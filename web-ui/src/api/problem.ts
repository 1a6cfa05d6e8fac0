import type { components } from './schema';

export type ProblemDocument = components['schemas']['Problem'];

/** A refusal or failure, as the server tells it (RFC 9457). */
export class Problem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail || document.title);
    this.name = 'Problem';
  }

  get code(): string {
    return this.document.code;
  }

  get requestId(): string | undefined {
    return this.document.requestId;
  }

  /** What is wrong with one field of the request's body. */
  field(pointer: string): string | undefined {
    return this.document.errors?.find((each) => each.pointer === pointer)?.message;
  }

  static async of(response: Response): Promise<Problem> {
    const text = await response.text().catch(() => '');
    try {
      const document = JSON.parse(text) as ProblemDocument;
      if (typeof document.code === 'string') return new Problem(document);
    } catch {
      // a proxy in between answered, not Berth
    }
    return new Problem({
      type: 'about:blank',
      title: response.statusText || 'Error',
      status: response.status,
      detail: `the server answered ${response.status} ${response.statusText}`.trim(),
      code: 'unknown',
      retryable: response.status >= 500,
    });
  }

  /** The server could not be reached at all. */
  static unreachable(): Problem {
    return new Problem({
      type: 'about:blank',
      title: 'Not reachable',
      status: 0,
      detail: 'the server cannot be reached: check your connection; shells and containers go on',
      code: 'unreachable',
      retryable: true,
    });
  }
}

/** What is wrong with one field, if that is what a failure is about. */
export function fieldError(failure: unknown, pointer: string): string | undefined {
  return failure instanceof Problem ? failure.field(pointer) : undefined;
}
