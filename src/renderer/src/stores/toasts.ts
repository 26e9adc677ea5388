import { createStore } from 'zustand/vanilla';

export interface Toast {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  detail?: string;
  action?: { label: string; run: () => void };
}

/** Short messages at the edge of the window. Newest last; a fourth pushes out the first. */
export function createToasts() {
  const store = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
  let lastId = 0;
  return {
    store,
    show(toast: Omit<Toast, 'id'>): void {
      lastId += 1;
      store.setState(({ toasts }) => ({ toasts: [...toasts, { ...toast, id: lastId }].slice(-3) }));
    },
    dismiss(id: number): void {
      store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
    },
  };
}
export type Toasts = ReturnType<typeof createToasts>;
