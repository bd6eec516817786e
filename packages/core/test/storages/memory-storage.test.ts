import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { storageContract } from './storage.contract.js'

storageContract('MemoryStorage', () => Promise.resolve(new MemoryStorage()))
