import { en } from '../text/en';

interface Props {
  label?: string;
  value: string;
  /** Whether it takes the room there is in its row. */
  grow?: boolean;
  onInput: (text: string) => void;
}

/** Narrows down a list while it is typed into. */
export function Filter({ label = en.common.filter, value, grow = false, onInput }: Props) {
  return (
    <input
      type="search"
      class={`filter ${grow ? 'grow' : ''}`}
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
