import { Component, type ComponentChildren } from 'preact';
import { en } from '../text/en';

interface Props {
  /** Another place is tried anew. */
  place: string;
  children: ComponentChildren;
}

interface State {
  failure?: unknown;
}

/** Shows what went wrong in a page, instead of nothing. */
export class Guard extends Component<Props, State> {
  static override getDerivedStateFromError(failure: unknown): State {
    return { failure };
  }

  override componentDidCatch(failure: unknown): void {
    console.error(failure);
  }

  override componentDidUpdate(before: Props): void {
    if (before.place !== this.props.place && this.state.failure !== undefined) this.setState({ failure: undefined });
  }

  override render({ children }: Props, { failure }: State) {
    if (failure === undefined) return children;
    return (
      <div class="page">
        <div class="card empty" role="alert">
          <h2>{en.common.crashed}</h2>
          <p>{en.common.crashedHint}</p>
          <pre class="code">{failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}</pre>
          <div class="row">
            <button class="button primary" onClick={() => location.reload()}>
              {en.common.reload}
            </button>
          </div>
        </div>
      </div>
    );
  }
}
