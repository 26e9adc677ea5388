import { contextBridge, ipcRenderer } from 'electron';
import { ipcChannels, type CrewBridge } from '../shared/client.ts';

/** The whole of what a page can reach: one call and one subscription, both answered and checked by the main process. */
const bridge: CrewBridge = {
  call: (name, input) => ipcRenderer.invoke(ipcChannels.call, name, input),
  subscribe(request, onFrame) {
    const { port1: own, port2: theirs } = new MessageChannel();
    own.onmessage = ({ data }: MessageEvent<unknown[]>) => {
      data.forEach((frame) => onFrame(frame));
      // Asks for more: the main process does not run ahead of a page that is busy.
      own.postMessage(null);
    };
    ipcRenderer.postMessage(ipcChannels.feed, request, [theirs]);
    return () => own.close();
  },
};

contextBridge.exposeInMainWorld('crew', bridge);
