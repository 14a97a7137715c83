# Its command lines' library, with which most of the compiling goes; the bindings use none of it.
set(LLAMA_BUILD_COMMON OFF)
