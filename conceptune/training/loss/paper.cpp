// The paper's objective (sections 3.2 and 3.3).
#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {

extern const LossRule kPaper = {.name = "paper",
                                .uses_target_mass = true,
                                .is_the_papers = true,
                                .weights = interpolated,
                                .concept_term = mass_term};

}  // namespace conceptune::training
