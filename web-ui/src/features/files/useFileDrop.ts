import { useState } from 'preact/hooks';
import { complain } from '../../app/toasts';
import { droppedFiles, holdsFiles, type Dropped } from './dropped';

/** Makes an element take files that are dropped on it. */
export function useFileDrop(onFiles: (files: readonly Dropped[]) => void, allowed: boolean) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!allowed || !holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave(event: DragEvent) {
      const inside = event.currentTarget instanceof Element && event.currentTarget.contains(event.relatedTarget as Node | null);
      if (!inside) setOver(false);
    },
    onDrop(event: DragEvent) {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (allowed) droppedFiles(event.dataTransfer).then((files) => files.length > 0 && onFiles(files), complain);
    },
  };
  return { over, handlers };
}
