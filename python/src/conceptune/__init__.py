"""Reads what the program conceptune writes into pandas or plain objects, and calls the program."""
from conceptune._concept_dataset import ConceptDataset, Record, Synonym, Word, import_hugging_face
from conceptune._program import ProgramError, call
from conceptune._results import Results
from conceptune._training_log import training_log

__version__ = "0.1.0"

__all__ = ["ConceptDataset", "ProgramError", "Record", "Results", "Synonym", "Word", "call", "import_hugging_face",
           "training_log"]
