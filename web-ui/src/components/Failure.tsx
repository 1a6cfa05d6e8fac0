import { Problem } from '../api/problem';
import { en } from '../text/en';

/** What went wrong, where it went wrong: the problem's own words, its request id, and a way on. */
export function Failure({ failure, onRetry }: { failure: unknown; onRetry?: (() => void) | undefined }) {
  const problem = failure instanceof Problem ? failure : undefined;
  return (
    <div class="notice bad" role="alert">
      <div class="row">
        <div class="grow">
          {problem && problem.document.title !== problem.message && <strong>{problem.document.title}: </strong>}
          {failure instanceof Error ? failure.message : String(failure)}
          {problem?.document.errors?.map((each) => (
            <div key={each.pointer} class="small">
              <code>{each.pointer}</code> {each.message}
            </div>
          ))}
          {problem?.requestId && <div class="request">{en.common.requestId(problem.requestId)}</div>}
        </div>
        {onRetry && (
          <button type="button" class="button small" onClick={onRetry}>
            {en.common.retry}
          </button>
        )}
      </div>
    </div>
  );
}
