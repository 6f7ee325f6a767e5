import type { Check } from '../check.ts';
import { quote } from '../describe-llama-build.ts';

export const storeWritableCheck: Check = {
  id: 'store-writable',
  title: 'Store',
  group: 'store',
  needs: ['evidence'],
  run: ({ facts: { disk }, evidence }) => {
    const isWritable = evidence?.store.isWritable;
    if (isWritable === undefined)
      return { status: 'skip', summary: 'Nothing tells who may write it.' };
    if (isWritable) {
      const state = disk.doesStoreExist ? '' : ', which is made when it is needed';
      return { status: 'ok', summary: `${disk.storePath}${state}.` };
    }
    return {
      status: 'fail',
      summary: `This user may not write to ${disk.storePath}.`,
      fix: 'Give it to this user, or name another folder.',
      commands: [
        `sudo chown -R "$USER" ${quote(disk.storePath)}`,
        'export LLCUDA_HOME="$HOME/llcuda"',
      ],
    };
  },
};
