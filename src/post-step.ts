// The program of the post step: the same as that of the main one, which knows it by this file's name.
import './index.ts'
